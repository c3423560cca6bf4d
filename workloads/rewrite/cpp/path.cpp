#include "path.hpp"

#include <algorithm>
#include <string>

#include "text.hpp"

namespace {

constexpr Rule rules[] = {
	{"/blog/", "/content/blog/", false, false},
	{"/static/", "/assets/v3/", false, false},
	{"/api/v1/", "/api/v2/", false, false},
	{"/index.html", "/", true, false},
	{"/old/", "/archive/", false, true},
	{"/feed.xml", "/blog/feed", true, true},
};

int hex_value(char c)
{
	if (guest::is_digit(c))
		return c - '0';
	c = guest::lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_unreserved(char c)
{
	return guest::is_letter(c) || guest::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_escaped(std::string &path, int value)
{
	constexpr std::string_view digits = "0123456789ABCDEF";
	const char c = static_cast<char>(value);
	if (is_unreserved(c)) {
		path.push_back(c);
		return;
	}
	path.push_back('%');
	path.push_back(digits[static_cast<size_t>(value >> 4)]);
	path.push_back(digits[static_cast<size_t>(value & 15)]);
}

/* append_segment returns false if one of the escapes is none. */
bool append_segment(std::string &path, std::string_view segment)
{
	for (size_t i = 0; i < segment.size(); i++) {
		if (segment[i] != '%') {
			path.push_back(segment[i]);
			continue;
		}
		if (i + 2 >= segment.size())
			return false;
		const int high = hex_value(segment[i + 1]), low = hex_value(segment[i + 2]);
		if (high < 0 || low < 0)
			return false;
		i += 2;
		append_escaped(path, high << 4 | low);
	}
	return true;
}

}  // namespace

std::optional<std::string_view> normalise(std::string_view raw)
{
	static std::string path;
	bool open = true; /* the path ends with a slash */
	path.clear();
	raw.remove_prefix(1);
	const bool bad = guest::any_part(raw, "/", [&](std::string_view segment) {
		const size_t from = path.size();
		path.push_back('/');
		if (!append_segment(path, segment))
			return true;
		const std::string_view done = std::string_view(path).substr(from + 1);
		const bool up = done == "..";
		open = up || done.empty() || done == ".";
		if (open)
			path.resize(from);
		if (up)
			path.resize(std::min(path.rfind('/'), path.size()));
		return false;
	});
	if (bad)
		return {};
	if (open)
		path.push_back('/');
	return path;
}

Rule rule_for(std::string_view path)
{
	const auto rule = std::find_if(std::begin(rules), std::end(rules), [&](const Rule &r) {
		return r.whole ? path == r.from : guest::starts_with(path, r.from);
	});
	return rule == std::end(rules) ? Rule{} : *rule;
}
