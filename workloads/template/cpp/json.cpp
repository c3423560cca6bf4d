/* json.cpp: a strict reader of JSON. */
#include <cstdint>

#include "text.hpp"
#include "utf8.hpp"
#include "value.hpp"

namespace {

constexpr int max_depth = 16;
constexpr size_t max_digits = 15;
constexpr size_t max_decimals = 6;

/* Once something is wrong, `bad` stays, and what is read is of no use. */
class Reader {
public:
	explicit Reader(std::string_view text) : rest(text) {}

	std::optional<Value> read()
	{
		Value value = read_value(0);
		skip();
		if (bad || !rest.empty())
			return {};
		return value;
	}

private:
	std::string_view rest;
	bool bad = false;

	void skip()
	{
		rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
	}

	/* take drops the word, if the rest begins with it. */
	bool take(std::string_view word)
	{
		if (!guest::starts_with(rest, word))
			return false;
		rest.remove_prefix(word.size());
		return true;
	}

	/* want takes a word behind white space. */
	void want(std::string_view word)
	{
		skip();
		if (!take(word))
			bad = true;
	}

	char next()
	{
		if (rest.empty()) {
			bad = true;
			return 0;
		}
		const char c = rest.front();
		rest.remove_prefix(1);
		return c;
	}

	Value read_value(int depth)
	{
		skip();
		if (take("\""))
			return {read_text()};
		if (take("{"))
			return {read_object(depth + 1)};
		if (take("["))
			return {read_list(depth + 1)};
		if (take("true"))
			return {true};
		if (take("false"))
			return {false};
		if (take("null"))
			return {Null{}};
		return {read_number()};
	}

	Object read_object(int depth)
	{
		Object object;
		bad = bad || depth > max_depth;
		skip();
		if (take("}"))
			return object;
		while (!bad) {
			want("\"");
			std::string name = read_text();
			want(":");
			if (bad)
				break;
			object.push_back({std::move(name), read_value(depth)});
			skip();
			if (!take(","))
				break;
		}
		want("}");
		return object;
	}

	List read_list(int depth)
	{
		List list;
		bad = bad || depth > max_depth;
		skip();
		if (take("]"))
			return list;
		while (!bad) {
			list.push_back(read_value(depth));
			skip();
			if (!take(","))
				break;
		}
		want("]");
		return list;
	}

	/* digits takes them and returns how many there are. */
	size_t digits()
	{
		const size_t n = std::min(rest.find_first_not_of("0123456789"), rest.size());
		rest.remove_prefix(n);
		return n;
	}

	Number read_number()
	{
		const std::string_view from = rest;
		take("-");
		const bool zero = guest::starts_with(rest, "0");
		const size_t whole = digits();
		if (whole == 0 || whole > max_digits || (zero && whole > 1))
			bad = true;
		if (take(".")) {
			const size_t decimals = digits();
			if (decimals == 0 || decimals > max_decimals)
				bad = true;
		}
		return {from.substr(0, from.size() - rest.size())};
	}

	/* read_text reads what stands behind a quotation mark, up to the next. */
	std::string read_text()
	{
		std::string text;
		while (!bad) {
			size_t n = 0;
			while (n < rest.size() && rest[n] != '"' && rest[n] != '\\' && static_cast<unsigned char>(rest[n]) >= ' ')
				n++;
			text.append(rest.substr(0, n));
			rest.remove_prefix(n);
			if (take("\""))
				break;
			if (take("\\"))
				read_escape(text);
			else
				bad = true; /* a control character, or the end */
		}
		return text;
	}

	void read_escape(std::string &text)
	{
		constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
		const char c = next();
		if (c == 'u') {
			append_utf8(text, read_character());
			return;
		}
		const size_t which = names.find(c);
		if (which == names.npos)
			bad = true;
		else
			text.push_back(meant[which]);
	}

	/* read_character reads the digits of one escape, or of the two of a pair. */
	uint32_t read_character()
	{
		const uint32_t unit = read_unit();
		if (unit == 0)
			bad = true;
		if (unit < 0xd800 || unit > 0xdfff)
			return unit;
		if (unit > 0xdbff || !take("\\u")) {
			bad = true;
			return 0;
		}
		const uint32_t low = read_unit();
		if (low < 0xdc00 || low > 0xdfff)
			bad = true;
		return 0x10000 + ((unit - 0xd800) << 10) + (low & 0x3ff);
	}

	uint32_t read_unit()
	{
		uint32_t unit = 0;
		for (int i = 0; i < 4; i++) {
			const char c = guest::lower(next());
			if (guest::is_digit(c))
				unit = unit << 4 | static_cast<uint32_t>(c - '0');
			else if (c >= 'a' && c <= 'f')
				unit = unit << 4 | static_cast<uint32_t>(c - 'a' + 10);
			else
				bad = true;
		}
		return unit;
	}
};

}  // namespace

std::optional<Value> read_data(std::string_view text)
{
	if (!is_utf8(text))
		return {};
	std::optional<Value> value = Reader(text).read();
	if (value && !std::holds_alternative<Object>(value->is))
		return {};
	return value;
}
