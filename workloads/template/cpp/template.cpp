/*
 * template: server-side rendering. It takes the name of a page and its data, and
 * answers with the page in HTML. The manifest states the rules.
 */
#include <algorithm>

#include "guest.hpp"
#include "pages.hpp"
#include "text.hpp"

namespace {

constexpr size_t max_name = 32;
constexpr size_t max_data = 64 << 10;
constexpr size_t max_page = 1 << 20;

std::string response; /* used over and over */

bool is_name(std::string_view name)
{
	return !name.empty() && name.size() <= max_name && std::all_of(name.begin(), name.end(), [](char c) {
		return (c >= 'a' && c <= 'z') || guest::is_digit(c) || c == '-';
	});
}

/* answer writes the page, or returns why there is none. */
std::string_view answer(std::string_view request)
{
	constexpr std::string_view render_word = "render ";
	std::string_view data = request, name;
	if (!guest::cut(data, "\n", name) || !guest::starts_with(name, render_word))
		return "bad request";
	name.remove_prefix(render_word.size());
	if (!is_name(name))
		return "bad request";
	const Template *page = find_page(name);
	if (page == nullptr)
		return "no such page";
	if (data.size() > max_data)
		return "too much data";
	const std::optional<Value> value = read_data(data);
	if (!value)
		return "bad data";
	if (!render(*page, *value, max_page, response))
		return "page too large";
	return {};
}

}  // namespace

std::string_view guest::handle(std::string_view request)
{
	response.clear();
	if (const std::string_view reason = answer(request); !reason.empty())
		response.assign("error: ").append(reason).append("\n");
	return response;
}
