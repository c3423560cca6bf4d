#include <algorithm>

#include "mustache.hpp"

namespace {

void append_escaped(std::string &out, std::string_view text)
{
	for (;;) {
		const size_t n = std::min(text.find_first_of("&<>\""), text.size());
		out.append(text.substr(0, n));
		if (n == text.size())
			return;
		switch (text[n]) {
		case '&':
			out.append("&amp;");
			break;
		case '<':
			out.append("&lt;");
			break;
		case '>':
			out.append("&gt;");
			break;
		default:
			out.append("&quot;");
		}
		text.remove_prefix(n + 1);
	}
}

/* text_of is what a value prints. */
std::string_view text_of(const Value &value)
{
	struct {
		std::string_view operator()(bool truth) const { return truth ? "true" : "false"; }
		std::string_view operator()(Number n) const { return n.written; }
		std::string_view operator()(const std::string &text) const { return text; }
		std::string_view operator()(Null) const { return {}; }
		std::string_view operator()(const List &) const { return {}; }
		std::string_view operator()(const Object &) const { return {}; }
	} visitor;
	return std::visit(visitor, value.is);
}

class Renderer {
public:
	Renderer(const Value &data, size_t limit, std::string &out)
	    : contexts{&data}, limit(limit), out(out) {}

	/* show returns false as soon as the page is too long. */
	bool show(const Template &nodes)
	{
		return std::all_of(nodes.begin(), nodes.end(), [&](const Node &node) {
			return show(node) && out.size() <= limit;
		});
	}

private:
	/* The innermost comes last. */
	std::vector<const Value *> contexts;
	const size_t limit;
	std::string &out;

	/* look_up finds the first part of a name in the innermost context that has
	 * it, and the others in what was found. */
	const Value *look_up(const std::vector<std::string> &name) const
	{
		if (name.empty())
			return contexts.back();
		const Value *value = nullptr;
		for (auto context = contexts.rbegin(); value == nullptr && context != contexts.rend(); ++context)
			value = (*context)->find(name.front());
		for (size_t i = 1; value != nullptr && i < name.size(); i++)
			value = value->find(name[i]);
		return value;
	}

	bool show(const Node &node)
	{
		if (node.kind == Node::Kind::text) {
			out.append(node.text);
			return true;
		}
		const Value *value = look_up(node.name);
		switch (node.kind) {
		case Node::Kind::section:
			return value == nullptr || !value->holds() || show_section(node.inner, *value);
		case Node::Kind::inverted:
			return (value != nullptr && value->holds()) || show(node.inner);
		case Node::Kind::escaped:
			if (value != nullptr)
				append_escaped(out, text_of(*value));
			return true;
		default:
			if (value != nullptr)
				out.append(text_of(*value));
			return true;
		}
	}

	bool show_section(const Template &inner, const Value &value)
	{
		const auto within = [&](const Value &context) {
			contexts.push_back(&context);
			const bool fits = show(inner);
			contexts.pop_back();
			return fits;
		};
		if (const List *list = std::get_if<List>(&value.is))
			return std::all_of(list->begin(), list->end(), within);
		return within(value);
	}
};

}  // namespace

bool render(const Template &page, const Value &data, size_t limit, std::string &out)
{
	return Renderer(data, limit, out).show(page);
}
