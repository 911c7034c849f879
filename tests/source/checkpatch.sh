# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
# Kernel code is clean under the kernel's own checkpatch --strict, less what
# .checkpatch.conf excepts.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
checkpatch=$(scripts/kernels checkpatch 2>&1) || skip_all "no checkpatch.pl: $checkpatch"
checkpatch=$(echo "$checkpatch" | tail -n 1)

# Types of the Windows headers, which it would take for values.  It joins the
# lines into one expression without an end of word.
types=$OLDPWD/types
grep -hoE '^typedef .*\b[A-Z][A-Z0-9_]+;|^} .*;|\(\*?P?[A-Z][A-Z0-9_]+\)\(|^typedef .* \*?P?[A-Z][A-Z0-9_]+\(' \
	include/wmitrace/*.h | grep -oE '\b[A-Z][A-Z0-9_]+\b' | sort -u |
	sed 's/$/\\b/' >"$types"

text=TRAILING_WHITESPACE,CODE_INDENT,LEADING_SPACE,SPACE_BEFORE_TAB,SPDX_LICENSE_TAG
text=$text,TYPO_SPELLING,REPEATED_WORD,BLOCK_COMMENT_STYLE

clean()	# clean FILE OPTION...
{
	file=$1
	shift
	check "$file" perl "$checkpatch" -q --typedefsfile "$types" "$@" -f "$file"
}

# Definitions of trace events look like those of the kernel, which it refuses, too.
trace_events=OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,LONG_LINE
for file in $(git ls-files 'kmod/*.[ch]' 'include/uapi/*.h'); do
	case $file in
	*/tracepoints.h)	clean "$file" --ignore $trace_events ;;
	*)	clean "$file" ;;
	esac
done
# Test modules may doze, parse with simple means and show addresses; those that
# stand for drivers as they are written for Windows are in no kernel style.
for file in $(git ls-files 'tests/companions/*.[ch]'); do
	case $file in
	*/trace_types.h)	clean "$file" --ignore $trace_events ;;
	*/driver* | */wpp*)	clean "$file" --types "$text" ;;
	*)	clean "$file" --ignore OPEN_BRACE,MSLEEP,VSPRINTF_SPECIFIER_PX,CONSIDER_KSTRTO,ALLOC_SIZEOF_STRUCT ;;
	esac
done
# Headers that spell what the Windows headers spell, and make up for what other
# compilers do, are no kernel style but in their text.
for file in $(git ls-files 'include/wmitrace/*.h'); do
	clean "$file" --types "LONG_LINE,$text"
done
