# Reads the output of "go test -v". Of a package that passed it prints the one
# line with ok, of one that failed everything but what passed. Lines that tell
# of a skipped test go to the file named by the variable skipped.
/^=== (RUN|PAUSE|CONT|NAME) / || /^ *--- PASS: / { next }
/skipped suite "/ { sub(/^.*skipped suite/, "skipped suite"); print >>skipped; reason = 1; next }
/^ *--- SKIP: / {
	if (!reason) print $3 >>skipped
	reason = 0
	next
}
/^(ok  |\?   )\t/ { print; text = ""; fflush(); next }
/^go test failed$/ { failed = 1; next }
/^FAIL\t/ { printf "%s%s\n", text, $0; text = ""; fflush(); next }
{ text = text $0 "\n" }
END {
	if (failed) printf "%s", text
	exit failed
}
