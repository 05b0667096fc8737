#include "sigstore/content/check.h"

#include <algorithm>

#include "sigstore/codec/hex.h"

namespace sigstore::content {
namespace {

class VerifyingReader final : public FileReader {
 public:
  VerifyingReader(std::unique_ptr<FileReader> source, oci::Digest digest, std::uint64_t size,
                  std::function<void()> right)
      : source_(std::move(source)),
        digest_(std::move(digest)),
        left_(size),
        hasher_(algorithm_of(digest_)),
        right_(std::move(right)) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (left_ == 0) return finish(0);
    TRY(auto got, source_->read(out.first(std::min<std::uint64_t>(out.size(), left_))));
    if (got == 0 && !out.empty())
      return fail(Code::mismatch, "the content of " + digest_.text() + " is too short");
    hasher_.update(out.first(got));
    left_ -= got;
    return left_ == 0 ? finish(got) : got;
  }

 private:
  Result<std::size_t> finish(std::size_t got) {
    if (checked_) return got;
    checked_ = true;
    TRY_OK(expect_digest(hasher_, digest_));
    if (right_) right_();
    return got;
  }

  std::unique_ptr<FileReader> source_;
  oci::Digest digest_;
  std::uint64_t left_;
  crypto::Hasher hasher_;
  std::function<void()> right_;
  bool checked_ = false;
};

}  // namespace

crypto::HashAlgorithm algorithm_of(const oci::Digest& digest) {
  return digest.algorithm() == "sha512" ? crypto::HashAlgorithm::sha512 : crypto::HashAlgorithm::sha256;
}

Result<void> expect_digest(crypto::Hasher& hasher, const oci::Digest& digest) {
  auto found = codec::hex::encode(hasher.finish());
  if (found == digest.hex()) return {};
  return fail(Code::mismatch, "the content does not have the digest " + digest.text(),
              "its digest is " + std::string(digest.algorithm()) + ":" + found);
}

std::unique_ptr<FileReader> verifying(std::unique_ptr<FileReader> source, const oci::Digest& digest,
                                      std::uint64_t size, std::function<void()> right) {
  return std::make_unique<VerifyingReader>(std::move(source), digest, size, std::move(right));
}

}  // namespace sigstore::content
