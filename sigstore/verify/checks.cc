#include "sigstore/verify/checks.h"

#include "sigstore/codec/hex.h"

namespace sigstore::verify {

Check passed(std::string id, const char* clause, std::string found) {
  return {std::move(id), clause, Status::passed, found, found, {}};
}
Check failed(std::string id, const char* clause, std::string expected, std::string found,
             std::string detail) {
  return {std::move(id),     clause,        Status::failed, std::move(expected), std::move(found),
          std::move(detail), Code::mismatch};
}
Check skipped(std::string id, const char* clause, std::string detail) {
  return {std::move(id), clause, Status::skipped, {}, {}, std::move(detail)};
}

void Nearest::add(Miss miss) {
  ++number_;
  if (!best_ || miss.reached > best_->reached) best_ = std::move(miss);
}

Check Nearest::failure(std::string id, const char* clause, Miss otherwise) const {
  const Miss& miss = best_ ? *best_ : otherwise;
  const std::string which = number_ > 1 ? "the nearest of " + std::to_string(number_) + ": " : "";
  Check check = failed(std::move(id), clause, miss.expected, miss.found, which + miss.detail);
  check.code = miss.code;
  return check;
}

std::string digest_text(crypto::HashAlgorithm algorithm, BytesView digest) {
  return std::string(crypto::name(algorithm)) + ":" + codec::hex::encode(digest);
}

std::string counted(std::size_t number, const std::string& one, const std::string& many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

}  // namespace sigstore::verify
