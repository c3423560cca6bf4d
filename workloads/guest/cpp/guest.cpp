#include "guest.hpp"

extern "C" {
#include "guest.h"
}

extern "C" size_t guest_handle(const uint8_t *request, size_t n, const uint8_t **response)
{
	const std::string_view answer = guest::handle({reinterpret_cast<const char *>(request), n});
	*response = reinterpret_cast<const uint8_t *>(answer.data());
	return answer.size();
}
