// Small words of text: truth values as Go reads them, and numbers of things.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigstore::codec {

// What Go's strconv.ParseBool takes: 1, t, T, true, True, TRUE, and the same of false; nullopt otherwise.
std::optional<bool> parse_bool(std::string_view text);

// "1 file", "2 files".
std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace sigstore::codec
