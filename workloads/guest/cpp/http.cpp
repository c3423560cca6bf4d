#include "http.hpp"

#include <algorithm>

#include "text.hpp"

namespace guest {

namespace {

constexpr size_t max_fields = 100;
constexpr std::string_view line_end = "\r\n";

bool is_token(std::string_view text)
{
	constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
	return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
		return is_letter(c) || is_digit(c) || marks.find(c) != marks.npos;
	});
}

bool is_value(std::string_view text)
{
	return std::none_of(text.begin(), text.end(), [](unsigned char c) {
		return (c < ' ' && c != '\t') || c == 0x7f;
	});
}

bool is_target(std::string_view text)
{
	return starts_with(text, "/") && std::none_of(text.begin(), text.end(), [](unsigned char c) {
		return c <= ' ' || c > '~' || c == '#';
	});
}

std::optional<Field> read_field(std::string_view line)
{
	Field field;
	if (!cut(line, ":", field.name))
		return {};
	field.value = trim(line);
	if (!is_token(field.name) || !is_value(field.value))
		return {};
	return field;
}

}  // namespace

std::string_view Head::read(std::string_view request)
{
	std::string_view rest, line;
	body = request;
	if (!cut(body, "\r\n\r\n", rest))
		return "no end of head";
	bool more = cut(rest, line_end, line);
	const bool parted = cut(line, " ", method) && cut(line, " ", target);
	if (!parted || !is_token(method) || !is_target(target) || line != "HTTP/1.1")
		return "bad request line";
	fields.clear();
	while (more) {
		if (fields.size() == max_fields)
			return "too many fields";
		more = cut(rest, line_end, line);
		const std::optional<Field> field = read_field(line);
		if (!field)
			return "bad field";
		fields.push_back(*field);
	}
	return {};
}

std::optional<std::string_view> Head::single(std::string_view name) const
{
	const auto named = [&](const Field &field) { return same(field.name, name); };
	const auto first = std::find_if(fields.begin(), fields.end(), named);
	if (first == fields.end() || std::any_of(first + 1, fields.end(), named))
		return {};
	return first->value;
}

}  // namespace guest
