// component.mjs makes components with the packages that package.json pins.
//
//     node component.mjs PACKAGES COMPONENT wrap WIT WORLD MODULE
//     node component.mjs PACKAGES COMPONENT command MODULE
//     node component.mjs PACKAGES COMPONENT compose OUTER PART…
//     node component.mjs PACKAGES COMPONENT javascript WIT WORLD MAIN FILE…
//
// PACKAGES is the folder node_modules, COMPONENT the file to write. The first makes
// a component of a module that follows the canonical ABI of a world; the second of
// a command of WASI preview 1. jco's adapters stand between a module that imports WASI
// preview 1 and the interfaces of preview 2. The third puts components into the
// text of another one, each in the place of the component without content that has its
// name. The last makes a component of CommonJS modules, of which MAIN is run first,
// with an engine around them that imports nothing.
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const [packages, component, work, ...args] = process.argv.slice(2);

const load = (file) => import(`${packages}/@bytecodealliance/${file}`);

async function wrap(wit, world, module) {
	const tools = await load("jco-transpile/dist/wasm-tools.js");
	const binary = await readFile(module);
	const typed = await tools.componentEmbed({ binary, witSource: await readFile(wit, "utf8"), world });
	return tools.componentNew(typed, [await adapter("reactor")]);
}

// adapter is jco's for modules of a kind. It is left out where nothing imports it.
async function adapter(kind) {
	const name = "wasi_snapshot_preview1";
	return [name, await readFile(`${packages}/@bytecodealliance/jco/lib/${name}.${kind}.wasm`)];
}

async function command(module) {
	const tools = await load("jco-transpile/dist/wasm-tools.js");
	return tools.componentNew(await readFile(module), [await adapter("command")]);
}

async function compose(outer, ...parts) {
	const tools = await load("jco-transpile/dist/wasm-tools.js");
	let text = await readFile(outer, "utf8");
	for (const part of parts) {
		const pieces = part.split("/");
		const file = basename(part, ".wasm");
		// workloads/NAME/LANGUAGE/NAME-component.wasm is the part NAME-LANGUAGE.
		const name = file.endsWith("-component") ? `${pieces.at(-3)}-${pieces.at(-2)}` : file;
		const inner = await tools.print(await readFile(part));
		text = text.replace(`(component $${name})`, () => inner.replace("(component", `(component $${name}`).trim());
	}
	return tools.parse(text);
}

async function javascript(wit, worldName, main, ...files) {
	const { componentize } = await load("componentize-js/src/componentize.js");
	const made = await componentize(await bundle(main, files), {
		witWorld: await readFile(wit, "utf8"),
		worldName,
		disableFeatures: ["random", "stdio", "clocks", "http", "fetch-event"],
	});
	return made.component;
}

// bundle makes one ES module, in which a name is that of a file without folder and
// suffix.
async function bundle(main, files) {
	const modules = [];
	for (const file of files) {
		const text = await readFile(file, "utf8");
		modules.push(`${JSON.stringify(basename(file, ".js"))}: (module, require) => {\n${text}\n}`);
	}
	return `const modules = {${modules.join(",\n")}};
const loaded = {};
function require(path) {
	const name = path.replace("./", "");
	if (!(name in loaded)) {
		const module = { exports: {} };
		modules[name](module, require);
		loaded[name] = module.exports;
	}
	return loaded[name];
}
const { answer } = require("guest");
require(${JSON.stringify(main)});
export { answer as handle };
`;
}

const make = { wrap, command, compose, javascript }[work];
await writeFile(component, await make(...args));
