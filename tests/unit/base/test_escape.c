/* test_escape.c - no name from the input does anything but show itself. */
#include <glib.h>

#include "base/escape.h"

static void check(char *escaped, const char *expected) {
    g_assert_cmpstr(escaped, ==, expected);
    g_free(escaped);
}

static void test_terminal(void) {
    check(escape_terminal("plain \xc3\xa9 \xe6\x97\xa5"), "plain \xc3\xa9 \xe6\x97\xa5");
    check(escape_terminal("\x1b[31m\a\b\r\n\t\x7f"), "\\x1B[31m\\x07\\x08\\x0D\\x0A\\x09\\x7F");
    check(escape_terminal("\xc2\x9b"
                          "31m"),
          "\\u{009B}31m"); /* the one-character CSI */
    check(escape_terminal("a\xe2\x80\xae"
                          "b\xe2\x81\xa6\xef\xbb\xbf\xe2\x80\x8b"),
          "a\\u{202E}b\\u{2066}\\u{FEFF}\\u{200B}");
    check(escape_terminal("\xff\xc3("), "\\xFF\\xC3(");
    check(escape_terminal("\xf3\xa0\x81\x81"), "\\u{E0041}"); /* a tag character */
    check(escape_terminal(""), "");
}

static void test_xml(void) {
    check(escape_xml("<a href=\"x\" b='y'>&amp;"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
    check(escape_xml("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d");
    check(escape_xml("\x01\x1b\x7f"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    check(escape_xml("\xef\xbf\xbe|\xff"), "\xef\xbf\xbd|\xef\xbf\xbd");
    check(escape_xml("]]></script>"), "]]&gt;&lt;/script&gt;");
    check(escape_xml("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
}

static void test_csv(void) {
    check(escape_csv("plain"), "plain");
    check(escape_csv("a,b"), "\"a,b\"");
    check(escape_csv("say \"no\""), "\"say \"\"no\"\"\"");
    check(escape_csv("two\nlines"), "\"two\nlines\"");
    check(escape_csv("=1+1"), "'=1+1");
    check(escape_csv("@SUM(A1,A2)"), "\"'@SUM(A1,A2)\"");
    check(escape_csv("-2"), "'-2");
    check(escape_csv("+2"), "'+2");
    check(escape_csv("\t=1"), "\"'\t=1\"");
    check(escape_csv(" x"), "\" x\"");
    check(escape_csv("x "), "\"x \"");
    check(escape_csv(""), "");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/escape/terminal", test_terminal);
    g_test_add_func("/base/escape/xml", test_xml);
    g_test_add_func("/base/escape/csv", test_csv);
    return g_test_run();
}
