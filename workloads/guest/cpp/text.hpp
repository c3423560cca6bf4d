/* text.hpp: small words for texts of ASCII. */
#ifndef EDGEBENCH_TEXT_HPP
#define EDGEBENCH_TEXT_HPP

#include <algorithm>
#include <string_view>

namespace guest {

constexpr char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* same compares two texts, ignoring the case of ASCII letters. */
inline bool same(std::string_view a, std::string_view b)
{
	return std::equal(a.begin(), a.end(), b.begin(), b.end(),
			  [](char x, char y) { return lower(x) == lower(y); });
}

inline bool starts_with(std::string_view text, std::string_view start)
{
	return text.substr(0, start.size()) == start;
}

/* trim takes spaces and tabs off both ends. */
inline std::string_view trim(std::string_view text)
{
	const size_t first = text.find_first_not_of(" \t");
	if (first == text.npos)
		return {};
	return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/* cut moves what stands before the first separator from rest to part and drops
 * the separator; all, if there is none. It returns whether there was one. */
inline bool cut(std::string_view &rest, std::string_view separator, std::string_view &part)
{
	const size_t end = rest.find(separator);
	part = rest.substr(0, end);
	rest = end == rest.npos ? std::string_view{} : rest.substr(end + separator.size());
	return end != rest.npos;
}

/* any_part says whether the test holds for any of the parts between separators;
 * an empty text has one empty part. */
template <typename Test>
bool any_part(std::string_view text, std::string_view separator, Test test)
{
	std::string_view part;
	bool more;
	do {
		more = cut(text, separator, part);
		if (test(part))
			return true;
	} while (more);
	return false;
}

}  // namespace guest

#endif
