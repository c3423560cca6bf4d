// guest.js: what a workload in JavaScript is written against.
//
//     const guest = require("guest");
//     guest.main(handle); // handle(request: Buffer) returns a Buffer
//
// The program serves the frames of package edgebench/runners/frame: on stdin
// and stdout, or with one argument on the unix socket of that path. A request
// that is never empty goes to handle, a ping is answered here. The program ends
// with exit code 0 when its input ends between two frames, and with 1 and a
// line on stderr on whatever else goes wrong.
"use strict";

// CLOCK_MONOTONIC in nanoseconds when the program's own code began to run, if
// it requires this file first.
const entry = process.hrtime.bigint();

const header = 4;

// Longest request and longest response, in bytes; abi.MaxMessage.
const maxMessage = 64 << 20;

function main(handle) {
	const args = process.argv.slice(2);
	if (args.length > 1) {
		process.stderr.write(`usage: ${process.argv[1]} [SOCKET]\n`);
		process.exit(2);
	}
	if (args.length === 0) {
		new Server(process.stdin, process.stdout, handle).serve();
		return;
	}
	const socket = require("net").connect(args[0]);
	new Server(socket, socket, handle).serve();
}

function fail(reason) {
	process.stderr.write(`guest: ${reason}\n`);
	process.exit(1);
}

// Server gathers what comes in pieces of any size and answers whole frames.
class Server {
	constructor(input, output, handle) {
		this.input = input;
		this.output = output;
		this.handle = handle;
		this.pieces = []; // not yet used, in their order
		this.held = 0; // bytes in them
		this.wanted = -1; // length of the request that comes, -1 before its header
	}

	serve() {
		this.input.on("data", (piece) => {
			this.pieces.push(piece);
			this.held += piece.length;
			while (this.next()) {
				// as long as there are whole frames
			}
		});
		this.input.on("end", () => {
			if (this.held > 0 || this.wanted >= 0) {
				fail("the input ends within a frame");
			}
		});
		for (const stream of new Set([this.input, this.output])) {
			stream.on("error", (error) => fail(error.message));
		}
	}

	// next uses a header or a request, and says whether there was one.
	next() {
		if (this.wanted < 0) {
			if (this.held < header) {
				return false;
			}
			this.wanted = this.take(header).readUInt32LE(0);
			if (this.wanted > maxMessage) {
				fail(`request of ${this.wanted} bytes, at most ${maxMessage} are taken`);
			}
		}
		if (this.held < this.wanted) {
			return false;
		}
		const request = this.take(this.wanted);
		this.wanted = -1;
		this.answer(request);
		return true;
	}

	// take gives the first n of the bytes that are held.
	take(n) {
		let all = this.pieces[0];
		if (n > 0 && all.length < n) {
			all = Buffer.concat(this.pieces);
			this.pieces = [all];
		}
		this.held -= n;
		if (n === 0) {
			return Buffer.alloc(0);
		}
		if (all.length === n) {
			this.pieces.shift();
		} else {
			this.pieces[0] = all.subarray(n);
		}
		return all.subarray(0, n);
	}

	answer(request) {
		let response;
		if (request.length === 0) {
			response = Buffer.alloc(8);
			response.writeBigUInt64LE(entry);
		} else {
			response = this.handle(request);
		}
		const length = Buffer.alloc(header);
		length.writeUInt32LE(response.length);
		if (response.length > maxMessage) {
			// The length tells the runner; after it nothing can follow.
			this.output.write(length);
			fail(`response of ${response.length} bytes, at most ${maxMessage} are sent`);
		}
		this.output.write(Buffer.concat([length, response]));
	}
}

// text gives a string with a character for each byte.
function text(bytes) {
	return bytes.toString("latin1");
}

// bytes is the reverse of text.
function bytes(text) {
	return Buffer.from(text, "latin1");
}

module.exports = { main, text, bytes };
