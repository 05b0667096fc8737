// What a Token knows, for the files of this room.
#pragma once

#include "sigstore/timestamp/internal/signed_data.h"
#include "sigstore/timestamp/internal/tst_info.h"
#include "sigstore/timestamp/token.h"

namespace sigstore::timestamp {

struct Token::State {
  Bytes der;  // a ContentInfo; the views of `data` point into it
  internal::SignedData data;
  internal::TstInfo info;
};

struct Access {
  static const Token::State& state(const Token& token) { return *token.state_; }
};

}  // namespace sigstore::timestamp
