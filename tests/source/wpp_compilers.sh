# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 300
# The WPP macros under gcc and clang, outside of the kernel, and the tool that
# reads what they leave, for machines of both byte orders and word sizes.

. "$TAP"

# compile COMPILER BASENAME SOURCE OBJECT [OPTION...]
compile()
{
	cc=$1 base=$2 source=$3 object=$4
	shift 4
	$cc -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter -ffreestanding -fshort-wchar \
		-I"$TOP/tests/lib/wpp-hosted" -I"$TOP/include" -D__KBUILD_MODNAME=kmod_hosted \
		-DKBUILD_MODNAME='"hosted"' "-DKBUILD_BASENAME=\"$base\"" \
		"$@" -c -o "$object" "$source"
}

hosted=$TOP/tests/lib/wpp-hosted

# formats OBJECT: its TMF text, without the comments that name the object
formats()
{
	rm -rf formats
	wmitrace tmf extract -o formats "$1" >/dev/null 2>complaints && cat formats/*.tmf | sed 1,2d
}

# ---- the two compilers [W7] ------------------------------------------------------

for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	check "W7 $cc compiles the statements" \
		compile $cc statements "$hosted/statements.c" $cc.o -Werror
	compile $cc run "$hosted/run.c" run.o && $cc -o $cc.run run.o $cc.o && ./$cc.run >$cc.records
	formats $cc.o >$cc.tmf
done
is "12 records" "$(wc -l <gcc.records)" 12
is "W2 NULL text" "$(sed -n 's/.*number=17 size=13 .* \(4e .*\)/\1/p' gcc.records)" '4e 55 4c 4c 00'
is "W7 a bit-field, negative ones, bool: 4 bytes each" \
	"$(sed -n 's/.*number=10 //p' gcc.records)" 'size=12 05 00 00 00 fd ff ff ff 01 00 00 00'
if command -v clang >/dev/null; then
	check "W7 records are the same" diff gcc.records clang.records
	check "W7 and formats" diff gcc.tmf clang.tmf
	for target in aarch64-linux-gnu riscv64-linux-gnu s390x-linux-gnu powerpc64-linux-gnu \
		armv7-linux-gnueabi mips-linux-gnu powerpc-linux-gnu; do
		compile "clang -target $target" statements "$hosted/statements.c" $target.o -w
		formats $target.o >$target.tmf
		# long is as wide as the machine's words.
		case $target in
		*64* | s390x*)	check "formats of $target are the same" diff gcc.tmf $target.tmf ;;
		*)	is "formats of $target differ in long only" "$(diff gcc.tmf $target.tmf | grep -c '^>')" 4 ;;
		esac
		is "its control GUID has a file" "$(ls formats/*.tmc)" \
			formats/00c0ffee-0001-4d5e-829e-02f454bc2bd7.tmc
	done
else
	skip "W7 clang" "clang is not installed"
fi

# ---- packed modules ----------------------------------------------------------------

for pack in xz gzip:gz zstd:zst; do
	if command -v "${pack%:*}" >/dev/null; then
		cp gcc.o packed.ko
		"${pack%:*}" -q packed.ko
		is "a module packed with ${pack%:*}" "$(wmitrace tmf list "packed.ko.${pack#*:}" | wc -l)" 14
		rm -f packed.ko*
	else
		skip "a module packed with ${pack%:*}" "${pack%:*} is not installed"
	fi
done
head -c 3000 gcc.o >torn.ko
refused "a torn module is refused" wmitrace tmf extract -o formats torn.ko 2>/dev/null
refused "what is no module is refused" wmitrace tmf extract -o formats "$0" 2>/dev/null

# ---- the form of TMF text [W11, W13] ---------------------------------------------------

is "W11 three spaces behind // of each #typev" \
	"$(grep '^#typev' gcc.tmf | grep -vcE '" //   [A-Z]+=')" 0
is "W11 arguments count from 10 without gaps" "$(awk '
	/^{$/ { n = 10; next }
	/, Item[A-Za-z]+(\(.*\))? -- [0-9]+$/ { if ($NF != n++) print }' gcc.tmf)" ''
is "W11 nothing but the forms of the grammar" "$(grep -vE \
	'^([0-9a-f-]{36} hosted // SRC=statements.c MJ= MN=|#typev statements_c[0-9]+ [0-9]+ ".*" //   .*|[{}]|.*, Item[A-Za-z]+ -- [0-9]+)$' gcc.tmf)" ''
is "W11 no carriage returns" "$(grep -c "$(printf '\r')" gcc.tmf)" 0
check "W13 a comma in a literal is a dot, its quotes are single" \
	grep -qFx "'a. b', ItemString -- 12" gcc.tmf

# ---- formats that do not go with their arguments [W14] -------------------------------------

head -n 8 "$hosted/statements.c" | sed "s|\"kernel.h\"|\"$hosted/kernel.h\"|" >bad.c
cat >>bad.c <<'END'
void bad(char *text, int i, long long l, const WCHAR *wide);
void bad(char *text, int i, long long l, const WCHAR *wide)
{
END
number=$(wc -l <bad.c)
: >wanted
while IFS='|' read -r statement complaint; do
	number=$((number + 1))
	echo "	DoTraceMessage(ON, $statement);" >>bad.c
	echo "bad.c:$number: error: $complaint" >>wanted
done <<'END'
"%p", text|%p: the argument is a char *: cast it to (void *)
"%lld", i|%lld: the argument is an int of 4 bytes
"%d", l|%d: the argument is an integer of 8 bytes
"%s", i|%s: the argument is an int of 4 bytes
"%d %d", i|%d: there is no argument for it
"none", i|none: more arguments than conversions
"%s", wide|%s: the argument is a WCHAR *
"%.*s", i, text|%.*s: width and precision cannot come from arguments; WPP_COUNTED() takes a length
"%f", i|%f: the kernel has no floating point
"%!NOSUCH!", i|%!NOSUCH!: no such conversion in WPP
"%!GUID!", text|%!GUID!: the argument is a char *
"%pS", (void *)text|%pS: no such conversion in WPP
"100%", i|100%: a % that begins no conversion
END
echo '}' >>bad.c
compile gcc bad bad.c bad.o -w
status=0
wmitrace tmf extract --check bad.o >/dev/null 2>said || status=$?
is "W14 wrong formats: status 1" "$status" 1
grep -v srcversion said >got
check "W14 each is named with file and line" diff wanted got
printf '%s\nvoid f(double d);\nvoid f(double d)\n{\n\tDoTraceMessage(ON, "%%d", d);\n}\n' \
	"$(head -n 8 bad.c)" >double.c
refused "a double does not compile" compile gcc double double.c double.o 2>/dev/null

# ---- many [W23] -------------------------------------------------------------------------------

many()	# many FILE STATEMENTS
{
	head -n 8 bad.c
	echo "void $1(void);"
	echo "void $1(void)"
	echo '{'
	i=0
	while [ $i -lt "$2" ]; do
		i=$((i + 1))
		echo "	DoTraceMessage(ON, \"statement %d\", $i);"
	done
	echo '}'
}

many all500 500 >all500.c
compile gcc all500 all500.c all500.ko
is "W23 500 statements in a file" "$(wmitrace tmf list all500.ko | wc -l)" 500
n=0
while [ $n -lt 100 ]; do
	n=$((n + 1))
	many file$n 3 >file$n.c
	compile gcc file$n file$n.c file$n.o -O0
done
ld -r -o files.o file[0-9]*.o
wmitrace tmf extract -o files files.o >/dev/null 2>&1
is "W23 100 files in a module have 100 GUIDs" "$(find files -name '*.tmf' | wc -l)" 100
is "and all their statements" "$(wmitrace tmf list files | wc -l)" 300

cp file1.c again.c
compile gcc file1 again.c again.o
objcopy --redefine-sym file1=again again.o
ld -r -o twice.o file1.o again.o
refused "two files of one name in a module" wmitrace tmf extract --check twice.o 2>said
like "are reported" "$(cat said)" 'has the message GUID of file1\.c: define WPP_USER_MSG_GUID'
