#include "utf8.hpp"

namespace {

/* following is how many bytes come behind the first of a character, and the
 * least and the most that the first of these may be; -1 if no character begins
 * like this. */
struct Following {
	int n;
	unsigned char least, most;
};

constexpr Following following(unsigned char c)
{
	if (c < 0x80)
		return {0, 0, 0};
	if (c < 0xc2)
		return {-1, 0, 0};
	if (c < 0xe0)
		return {1, 0x80, 0xbf};
	if (c < 0xf0)
		return {2, static_cast<unsigned char>(c == 0xe0 ? 0xa0 : 0x80), static_cast<unsigned char>(c == 0xed ? 0x9f : 0xbf)};
	if (c < 0xf5)
		return {3, static_cast<unsigned char>(c == 0xf0 ? 0x90 : 0x80), static_cast<unsigned char>(c == 0xf4 ? 0x8f : 0xbf)};
	return {-1, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text)
{
	for (size_t i = 0; i < text.size(); i++) {
		auto [n, least, most] = following(static_cast<unsigned char>(text[i]));
		if (n < 0 || static_cast<size_t>(n) > text.size() - i - 1)
			return false;
		for (; n > 0; n--, least = 0x80, most = 0xbf) {
			const auto c = static_cast<unsigned char>(text[++i]);
			if (c < least || c > most)
				return false;
		}
	}
	return true;
}

void append_utf8(std::string &text, uint32_t character)
{
	const auto append = [&](uint32_t c) { text.push_back(static_cast<char>(c)); };
	const auto follow = [&](int shift) { append(0x80 | (character >> shift & 0x3f)); };
	if (character < 0x80) {
		append(character);
	} else if (character < 0x800) {
		append(0xc0 | character >> 6);
		follow(0);
	} else if (character < 0x10000) {
		append(0xe0 | character >> 12);
		follow(6);
		follow(0);
	} else {
		append(0xf0 | character >> 18);
		follow(12);
		follow(6);
		follow(0);
	}
}
