// ending.js: how a guest ends, and how the runner is told. Every answer but a response
// of the guest has status 500 and a body of JSON with three fields:
//
//     end    "trap", "exit", "too large", "malformed" or "closed"
//     code   exit code of a guest that exits
//     text   the reason, or what the guest has written to stderr
//
// Package runners/workerd reads it (answer.go).

// Exit is thrown when a guest exits.
export class Exit {
	constructor(code) {
		this.code = code;
	}
}

// TooLarge is thrown for a response that is longer than messages may be.
export class TooLarge {}

// Longest response, in bytes; abi.MaxMessage.
export const maxMessage = 64 << 20;

export function ending(end, code, text) {
	return Response.json({ end, code, text }, { status: 500 });
}

// failure is the answer for what a guest has thrown. said is what it has written to
// stderr.
export function failure(thrown, said) {
	if (thrown instanceof Exit) {
		return ending("exit", thrown.code, said);
	}
	if (thrown instanceof TooLarge) {
		return ending("too large", 0, `the response is longer than ${maxMessage} bytes`);
	}
	if (thrown instanceof WebAssembly.LinkError || thrown instanceof WebAssembly.CompileError) {
		return ending("malformed", 0, String(thrown));
	}
	return ending("trap", 0, said === "" ? String(thrown) : `${thrown}: ${said}`);
}
