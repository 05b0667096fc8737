// PEM (RFC 7468), as Go's encoding/pem reads it: text before the first block is skipped, headers are kept
// apart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::pem {

struct Block {
  std::string label;                                         // e.g. "PUBLIC KEY"
  std::vector<std::pair<std::string, std::string>> headers;  // RFC 1421 headers, usually none
  Bytes body;                                                // decoded
  friend bool operator==(const Block&, const Block&) = default;
};

// All blocks, at least one. Code::not_mine when the text holds no block at all; Code::malformed for a broken
// one; Code::too_large above limits::pem_bytes or limits::pem_blocks. `what` names the text in messages.
Result<std::vector<Block>> parse(std::string_view text, std::string_view what);
// The first block only.
Result<Block> parse_first(std::string_view text, std::string_view what);

std::string encode(std::string_view label, BytesView body);  // 64 columns, trailing newline

}  // namespace sigstore::codec::pem
