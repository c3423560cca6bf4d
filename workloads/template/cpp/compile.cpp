#include <algorithm>

#include "mustache.hpp"
#include "text.hpp"

namespace {

constexpr std::string_view blanks = " \t";

/* A tag, and where it stands in the source. */
struct Tag {
	char kind; /* one of # ^ / ! > { and & ; for a plain name 0 */
	std::string_view name;
	size_t from, to;
};

/* indent puts the indentation before each line that is not empty. */
std::string indent(std::string_view text, std::string_view indentation)
{
	std::string indented, line_end;
	std::string_view line;
	for (bool more = true; more;) {
		more = guest::cut(text, "\n", line);
		indented.append(line_end);
		if (!line.empty())
			indented.append(indentation).append(line);
		line_end = "\n";
	}
	return indented;
}

std::vector<std::string> split_name(std::string_view name)
{
	std::vector<std::string> parts;
	if (name != ".")
		guest::any_part(name, ".", [&](std::string_view part) {
			parts.emplace_back(part);
			return false;
		});
	return parts;
}

class Compiler {
public:
	Compiler(std::string_view source, Finder partials) : source(source), partials(partials) {}

	/* compile goes up to the tag that closes a section, or to the end. */
	Template compile()
	{
		Template nodes;
		while (at < source.size()) {
			const size_t open = std::min(source.find("{{", at), source.size());
			Tag tag;
			const bool found = read_tag(open, tag);
			const bool alone = found && stands_alone(tag);
			const size_t text_end = alone ? line_start(tag.from) : open;
			if (text_end > at)
				nodes.push_back({Node::Kind::text, std::string(source.substr(at, text_end - at)), {}, {}});
			const std::string_view indentation = alone ? source.substr(text_end, tag.from - text_end) : std::string_view{};
			at = found ? tag.to : source.size();
			if (alone)
				at = std::min(source.find('\n', at), source.size() - 1) + 1;
			if (!found || tag.kind == '/')
				break;
			add(nodes, tag, indentation);
		}
		return nodes;
	}

private:
	std::string_view source;
	Finder partials;
	size_t at = 0;

	/* read_tag reads the tag that opens there, if one does. */
	bool read_tag(size_t open, Tag &tag) const
	{
		tag = {0, {}, open, open};
		std::string_view rest = source.substr(std::min(open + 2, source.size()));
		if (rest.empty())
			return false;
		if (std::string_view("#^/!>{&").find(rest.front()) != std::string_view::npos) {
			tag.kind = rest.front();
			rest.remove_prefix(1);
		}
		const std::string_view close = tag.kind == '{' ? "}}}" : "}}";
		const size_t end = rest.find(close);
		if (end == rest.npos)
			return false;
		tag.name = guest::trim(rest.substr(0, end));
		tag.to = source.size() - rest.size() + end + close.size();
		return true;
	}

	size_t line_start(size_t i) const
	{
		const size_t before = i == 0 ? source.npos : source.rfind('\n', i - 1);
		return before == source.npos ? 0 : before + 1;
	}

	/* stands_alone: it prints nothing itself and has a line of its own, which
	 * goes with it. */
	bool stands_alone(const Tag &tag) const
	{
		if (std::string_view("#^/!>").find(tag.kind) == std::string_view::npos)
			return false;
		const size_t start = line_start(tag.from);
		const std::string_view before = source.substr(start, tag.from - start);
		const size_t after = std::min(source.find_first_not_of(blanks, tag.to), source.size());
		return before.find_first_not_of(blanks) == before.npos && (after == source.size() || source[after] == '\n');
	}

	void add(Template &nodes, const Tag &tag, std::string_view indentation)
	{
		switch (tag.kind) {
		case '!':
			return;
		case '>': {
			const std::string partial = indent(partials(tag.name), indentation);
			Template inner = Compiler(partial, partials).compile();
			std::move(inner.begin(), inner.end(), std::back_inserter(nodes));
			return;
		}
		case '#':
			nodes.push_back({Node::Kind::section, {}, split_name(tag.name), compile()});
			return;
		case '^':
			nodes.push_back({Node::Kind::inverted, {}, split_name(tag.name), compile()});
			return;
		case 0:
			nodes.push_back({Node::Kind::escaped, {}, split_name(tag.name), {}});
			return;
		default:
			nodes.push_back({Node::Kind::raw, {}, split_name(tag.name), {}});
		}
	}
};

}  // namespace

Template compile(std::string_view text, Finder partials)
{
	return Compiler(text, partials).compile();
}
