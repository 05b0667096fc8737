// The error about a JSON text, with the place in it. Private to this room.
#pragma once

#include "sigstore/codec/json.h"

namespace sigstore::codec::json {

std::unexpected<Error> refuse_text(std::string_view what, std::string_view text, std::size_t offset,
                                   Code code, const std::string& why);
std::unexpected<Error> refuse_size(std::string_view what, std::size_t size, std::size_t most);
std::string name_twice(std::string_view name);
std::string too_many_levels(std::size_t most);

}  // namespace sigstore::codec::json
