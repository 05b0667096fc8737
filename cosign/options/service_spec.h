// "url=https://…,start-time=2024-01-01T00:00:00Z,…": how `trusted-root create` and `signing-config create`
// name one service.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace cosign {

// Which keys a flag takes, and what it looks like.
struct SpecGrammar {
  std::string flag;                                  // "--rekor"
  std::vector<std::string_view> required, optional;  // constants
  std::string example;                               // of a whole value, for the hint of an error
};

class ServiceSpec {
 public:
  // Code::invalid_argument: a part without '=', a key that is unknown, twice, or required and not there.
  // (Real cosign passes over unknown keys, and of two takes the later one.)
  static sigstore::Result<ServiceSpec> parse(const SpecGrammar& grammar, const std::string& text);

  [[nodiscard]] std::string text(const std::string& key) const;  // empty when absent
  // RFC 3339; nullopt when absent. Code::invalid_argument.
  [[nodiscard]] sigstore::Result<std::optional<sigstore::Time>> time(const std::string& key) const;

 private:
  std::map<std::string, std::string> values_;
  std::string flag_;
};

// A time of a flag's value, of which `what` is the name in messages: "--rekor: start-time".
sigstore::Result<sigstore::Time> parse_flag_time(const std::string& what, const std::string& text);

}  // namespace cosign
