#include "sigstore/base/secret.h"

#include <cstring>
#include <string>
#include <utility>

namespace sigstore {

void wipe(void* data, std::size_t size) {
  if (size != 0) explicit_bzero(data, size);
}

void wipe(std::string& text) {
  wipe(text.data(), text.size());
  text.clear();
}

Secret::Secret(std::string_view text) : data_(text.begin(), text.end()) {}
Secret::Secret(BytesView bytes) : data_(bytes.begin(), bytes.end()) {}
Secret::Secret(Secret&& other) noexcept : data_(std::exchange(other.data_, {})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(data_.data(), data_.size());
    data_ = std::exchange(other.data_, {});
  }
  return *this;
}

Secret::~Secret() {
  wipe(data_.data(), data_.size());
}

Secret Secret::clone() const {
  return Secret(BytesView(data_));
}
std::string_view Secret::reveal() const {
  return as_text(data_);
}

Secret Secret::of_size(std::size_t size) {
  Secret secret;
  secret.data_.resize(size);
  return secret;
}

}  // namespace sigstore
