/* utf8.hpp: UTF-8 as RFC 3629 has it. */
#ifndef EDGEBENCH_UTF8_HPP
#define EDGEBENCH_UTF8_HPP

#include <cstdint>
#include <string>
#include <string_view>

/* is_utf8: no surrogates, nothing longer than it need be, nothing past the last
 * character. */
bool is_utf8(std::string_view text);

/* append_utf8 appends a character that is no surrogate. */
void append_utf8(std::string &text, uint32_t character);

#endif
