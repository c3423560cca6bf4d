// host.js: the functions of WASI preview 1 that guests get, for one instance. A function
// that is not here gives ENOSYS.
//
// The clocks are those of a worker: they stand still while a request is worked on. A
// guest that sleeps does not wait; its clocks go forward instead.
import { Exit, maxMessage, TooLarge } from "ending.js";
import { files, hasFolder, variables } from "given.js";

const success = 0;
const badf = 8;
const fault = 21;
const inval = 28;
const noent = 44;
const nosys = 52;
const rofs = 69;
const spipe = 70;
const notcapable = 76;

// The kinds of a file descriptor.
const character = 2;
const folder = 3;
const regular = 4;

// The folder of the guest's files is the descriptor after the three streams.
const root = 3;

const program = new TextEncoder().encode("guest\0"); // abi.Program
const environment = variables.map((text) => new TextEncoder().encode(text + "\0"));
const decoder = new TextDecoder();

// Bytes of stderr that are kept, and of one random_get of a worker.
const mostSaid = 4096;
const mostRandom = 65536;

class Host {
	constructor(stdin, command) {
		this.memory = null; // set when there is an instance
		this.stdin = { content: stdin, at: 0 };
		this.command = command; // the output of others is dropped
		this.output = [];
		this.size = 0;
		this.errors = [];
		this.open = new Map(); // descriptor → { content, at }
		this.slept = 0n; // nanoseconds
	}

	// imports are those that a module asks for.
	imports(module) {
		const all = {};
		for (const { module: from, name } of WebAssembly.Module.imports(module)) {
			const f = Object.hasOwn(calls, name) ? calls[name] : () => nosys;
			(all[from] ??= {})[name] = (...args) => this.guarded(f, args);
		}
		return all;
	}

	// guarded tells a guest of an address outside its memory.
	guarded(f, args) {
		try {
			return f(this, ...args);
		} catch (thrown) {
			if (thrown instanceof RangeError) {
				return fault;
			}
			throw thrown;
		}
	}

	view() {
		return new DataView(this.memory.buffer);
	}

	bytes(at, length) {
		return new Uint8Array(this.memory.buffer, at >>> 0, length >>> 0);
	}

	// vectors are the pieces of memory that a read or a write names.
	vectors(at, count) {
		const view = this.view();
		const list = [];
		for (let i = 0; i < count >>> 0; i++) {
			const from = (at >>> 0) + 8 * i;
			list.push(this.bytes(view.getUint32(from, true), view.getUint32(from + 4, true)));
		}
		return list;
	}

	set32(at, value) {
		this.view().setUint32(at >>> 0, value, true);
		return success;
	}

	set64(at, value) {
		this.view().setBigUint64(at >>> 0, BigInt(value), true);
		return success;
	}

	// source is what a descriptor reads from, undefined if there is none.
	source(fd) {
		return fd === 0 ? this.stdin : this.open.get(fd);
	}

	// read fills vectors from a position and gives the number of bytes.
	read(content, position, vectors) {
		let at = position;
		for (const v of vectors) {
			const piece = content.subarray(at, at + v.length);
			v.set(piece);
			at += piece.length;
		}
		return at - position;
	}

	// write keeps what a command writes to stdout, and the beginning of its stderr.
	write(fd, piece) {
		if (!this.command) {
			return;
		}
		if (fd === 2) {
			if (this.errors.length < mostSaid) {
				this.errors.push(...piece.subarray(0, mostSaid - this.errors.length));
			}
			return;
		}
		this.size += piece.length;
		if (this.size > maxMessage) {
			throw new TooLarge();
		}
		this.output.push(piece.slice());
	}

	// written is all of stdout.
	written() {
		const all = new Uint8Array(this.size);
		let at = 0;
		for (const piece of this.output) {
			all.set(piece, at);
			at += piece.length;
		}
		return all;
	}

	said() {
		return decoder.decode(new Uint8Array(this.errors));
	}

	now() {
		return BigInt(Date.now()) * 1000000n + this.slept;
	}

	// kind is that of a descriptor, 0 if it is not open.
	kind(fd) {
		if (fd < root) {
			return fd >= 0 ? character : 0;
		}
		if (fd === root) {
			return hasFolder ? folder : 0;
		}
		return this.open.has(fd) ? regular : 0;
	}

	// stat writes what is known of a file.
	stat(at, kind, size) {
		this.bytes(at, 64).fill(0);
		this.view().setUint8((at >>> 0) + 16, kind);
		return this.set64((at >>> 0) + 32, size);
	}
}

// name gives the file that a path means, null for one outside the folder.
function name(path) {
	const parts = path.split("/").filter((part) => part !== "" && part !== ".");
	return parts.length === 1 && parts[0] !== ".." && !path.startsWith("/") ? parts[0] : null;
}

// find gives a file's content, or an error.
function find(host, fd, at, length) {
	if (host.kind(fd) !== folder) {
		return host.kind(fd) === 0 ? badf : notcapable;
	}
	const wanted = name(decoder.decode(host.bytes(at, length)));
	if (wanted === null) {
		return notcapable;
	}
	return files.has(wanted) ? files.get(wanted) : noent;
}

// Flags of path_open that would change a file: create and truncate.
const changing = 1 | 8;

function open(host, fd, _follow, at, length, how, _rights, _inherited, _flags, result) {
	if (how & changing) {
		return rofs;
	}
	const content = find(host, fd, at, length);
	if (typeof content === "number") {
		return content;
	}
	let free = root + 1;
	while (host.open.has(free)) {
		free++;
	}
	host.open.set(free, { content, at: 0 });
	return host.set32(result, free);
}

function seek(host, fd, offset, whence, result) {
	const file = host.open.get(fd);
	if (file === undefined) {
		return host.kind(fd) === 0 ? badf : spipe;
	}
	const from = [0, file.at, file.content.length][whence];
	const to = from === undefined ? -1 : from + Number(offset);
	if (!(to >= 0)) {
		return inval;
	}
	file.at = to;
	return host.set64(result, to);
}

// Sizes in bytes and places of poll_oneoff's subscriptions and events.
const subscription = { size: 48, kind: 8, timeout: 24, flags: 40 };
const event = { size: 32, kind: 10 };

// poll lets each clock that a guest waits for have come.
function poll(host, from, to, count, result) {
	const view = host.view();
	for (let i = 0; i < count >>> 0; i++) {
		const asked = (from >>> 0) + subscription.size * i;
		const told = (to >>> 0) + event.size * i;
		const kind = view.getUint8(asked + subscription.kind);
		if (kind === 0) {
			const timeout = view.getBigUint64(asked + subscription.timeout, true);
			const absolute = view.getUint16(asked + subscription.flags, true) & 1;
			const left = absolute ? timeout - host.now() : timeout;
			host.slept += left > 0n ? left : 0n;
		}
		host.bytes(told, event.size).fill(0);
		view.setBigUint64(told, view.getBigUint64(asked, true), true);
		view.setUint8(told + event.kind, kind);
	}
	return host.set32(result, count);
}

function random(host, at, length) {
	const room = host.bytes(at, length);
	for (let from = 0; from < room.length; from += mostRandom) {
		const piece = new Uint8Array(Math.min(mostRandom, room.length - from));
		room.set(crypto.getRandomValues(piece), from);
	}
	return success;
}

function describe(host, fd, at) {
	const kind = host.kind(fd);
	if (kind === 0) {
		return badf;
	}
	host.bytes(at, 24).fill(0);
	host.bytes(at, 1)[0] = kind;
	host.bytes((at >>> 0) + 8, 16).fill(0xff); // all rights
	return success;
}

// isClock says whether WASI has the clock: real time, monotonic, of the process, of the
// thread.
const isClock = (clock) => clock >= 0 && clock <= 3;

const calls = {
	args_get(host, pointers, text) {
		host.bytes(text, program.length).set(program);
		return host.set32(pointers, text);
	},
	args_sizes_get: (host, count, size) => host.set32(count, 1) || host.set32(size, program.length),
	clock_res_get: (host, clock, at) => (isClock(clock) ? host.set64(at, 1000000) : inval),
	clock_time_get: (host, clock, _precision, at) => (isClock(clock) ? host.set64(at, host.now()) : inval),
	environ_get(host, pointers, text) {
		let at = text >>> 0;
		environment.forEach((variable, i) => {
			host.bytes(at, variable.length).set(variable);
			host.set32((pointers >>> 0) + 4 * i, at);
			at += variable.length;
		});
		return success;
	},
	environ_sizes_get(host, count, size) {
		const all = environment.reduce((sum, variable) => sum + variable.length, 0);
		return host.set32(count, environment.length) || host.set32(size, all);
	},
	fd_close: (host, fd) => (host.open.delete(fd) ? success : badf),
	fd_fdstat_get: describe,
	fd_fdstat_set_flags: (host, fd) => (host.kind(fd) === 0 ? badf : success),
	fd_filestat_get(host, fd, at) {
		const kind = host.kind(fd);
		return kind === 0 ? badf : host.stat(at, kind, host.open.get(fd)?.content.length ?? 0);
	},
	fd_pread(host, fd, vectors, count, offset, result) {
		const file = host.open.get(fd);
		if (file === undefined) {
			return host.kind(fd) === 0 ? badf : spipe;
		}
		return host.set32(result, host.read(file.content, Number(offset), host.vectors(vectors, count)));
	},
	fd_prestat_dir_name(host, fd, at, length) {
		if (host.kind(fd) !== folder) {
			return badf;
		}
		host.bytes(at, Math.min(length >>> 0, 1)).fill(0x2f);
		return success;
	},
	fd_prestat_get: (host, fd, at) => (host.kind(fd) !== folder ? badf : host.set64(at, 1n << 32n)),
	fd_read(host, fd, vectors, count, result) {
		const from = host.source(fd);
		if (from === undefined) {
			return badf;
		}
		const n = host.read(from.content, from.at, host.vectors(vectors, count));
		from.at += n;
		return host.set32(result, n);
	},
	fd_seek: seek,
	fd_tell: (host, fd, result) => seek(host, fd, 0n, 1, result),
	fd_write(host, fd, vectors, count, result) {
		if (fd !== 1 && fd !== 2) {
			return badf;
		}
		let n = 0;
		for (const piece of host.vectors(vectors, count)) {
			host.write(fd, piece);
			n += piece.length;
		}
		return host.set32(result, n);
	},
	path_filestat_get(host, fd, _flags, at, length, result) {
		const content = find(host, fd, at, length);
		return typeof content === "number" ? content : host.stat(result, regular, content.length);
	},
	path_open: open,
	poll_oneoff: poll,
	proc_exit(_host, code) {
		throw new Exit(code >>> 0);
	},
	random_get: random,
	sched_yield: () => success,
};

// newHost makes a host. stdin is what the guest reads there; a command's output is kept.
export function newHost(stdin, command) {
	return new Host(stdin, command);
}
