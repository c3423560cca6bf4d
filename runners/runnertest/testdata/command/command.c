/*
 * command: the guest of the conformance suite for artefacts that are not ours.
 * It reads all of stdin, of which the first byte is an operation and the rest
 * its argument, and writes the answer to stdout:
 *
 *   (none)     answers "nothing"
 *   E rest     echoes the rest
 *   X decimal  says so on stderr and exits with that code
 *   T          traps
 *   W          writes until it can write no more, and then exits with 1
 *   F name     answers with the content of a file
 *   P name     makes a file: "written" or "refused"
 *   A          answers how many arguments and variables it has
 *   V decimal  answers with its arguments behind its name and the variable GREETING,
 *              a line each, and exits with that code
 *   R          answers "real" if the clock is and random numbers differ
 *
 * main.go beside it is the same as an executable. command.wasm is made by
 * command.sh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char request[1 << 20];

static int read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	if (f == NULL) {
		perror(name);
		return 2;
	}
	char part[512];
	for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
		fwrite(part, 1, n, stdout);
	fclose(f);
	return 0;
}

static int make_file(const char *name)
{
	FILE *f = fopen(name, "w");
	puts(f != NULL ? "written" : "refused");
	return 0;
}

static int write_all(void)
{
	for (;;)
		if (fwrite(request, 1, sizeof request, stdout) != sizeof request || fflush(stdout) != 0)
			return 1;
}

static int is_real(void)
{
	unsigned char a[16] = {0}, b[16] = {0};
	int real = time(NULL) > 1700000000 && getentropy(a, sizeof a) == 0 && getentropy(b, sizeof b) == 0 &&
	           memcmp(a, b, sizeof a) != 0;
	puts(real ? "real" : "fake");
	return 0;
}

/* show_world writes what the command has been given. */
static int show_world(int argc, char **argv, int code)
{
	for (int i = 1; i < argc; i++)
		puts(argv[i]);
	const char *greeting = getenv("GREETING");
	puts(greeting != NULL ? greeting : "no greeting");
	return code;
}

extern char **environ;

int main(int argc, char **argv)
{
	size_t n = fread(request, 1, sizeof request - 1, stdin);
	char *rest = request + 1;
	int variables = 0;
	while (environ != NULL && environ[variables] != NULL)
		variables++;
	switch (n > 0 ? request[0] : 0) {
	case 0:
		return puts("nothing") < 0;
	case 'E':
		return fwrite(rest, 1, n - 1, stdout) != n - 1;
	case 'X':
		fprintf(stderr, "leaving with %s\nand more\n", rest);
		return atoi(rest);
	case 'T':
		fputs("about to trap\n", stderr);
		__builtin_trap();
	case 'W':
		return write_all();
	case 'F':
		return read_file(rest);
	case 'P':
		return make_file(rest);
	case 'A':
		return printf("%d arguments, the first not empty: %d, %d variables\n", argc, argc > 0 && argv[0][0] != 0, variables) < 0;
	case 'V':
		return show_world(argc, argv, atoi(rest));
	case 'R':
		return is_real();
	}
	return 9;
}
