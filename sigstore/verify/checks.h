// How a check is written down, and which of several candidates came nearest. Private to this room.
#pragma once

#include <optional>
#include <string>

#include "sigstore/verify/judge.h"

namespace sigstore::verify {

// The clauses of the Sigstore client specification that checks follow.
inline constexpr const char* clause_material = "client-spec 4.1 (signature verification material)";
inline constexpr const char* clause_time = "client-spec 4.2 (time of the signature)";
inline constexpr const char* clause_certificate = "client-spec 4.3 (certificate)";
inline constexpr const char* clause_log = "client-spec 4.4 (transparency log entry)";
inline constexpr const char* clause_signature = "client-spec 4.5 (signature)";
inline constexpr const char* clause_policy = "client-spec 4.6 (verification policy)";

// A failure is a mismatch where nothing more is known.
Check passed(std::string id, const char* clause, std::string found = {});
Check failed(std::string id, const char* clause, std::string expected, std::string found, std::string detail);
Check skipped(std::string id, const char* clause, std::string detail);

// Why one candidate (an entry, a timestamp, an authority) does not do. Of several the one that got furthest
// tells most; of those that got equally far, the first.
struct Miss {
  int reached = 0;
  Code code = Code::mismatch;
  std::string detail;
  std::string expected = {}, found = {};
};

class Nearest {
 public:
  void add(Miss miss);
  [[nodiscard]] bool empty() const { return !best_; }
  [[nodiscard]] const Miss& best() const { return *best_; }  // not when empty()
  // The check that fails by it; with several candidates it says that this is the nearest of them. `otherwise`
  // when there was none.
  [[nodiscard]] Check failure(std::string id, const char* clause, Miss otherwise) const;

 private:
  std::optional<Miss> best_;
  std::size_t number_ = 0;
};

// "sha256:HEX"
std::string digest_text(crypto::HashAlgorithm algorithm, BytesView digest);
// "2 log entries", "1 log entry"
std::string counted(std::size_t number, const std::string& one, const std::string& many);

}  // namespace sigstore::verify
