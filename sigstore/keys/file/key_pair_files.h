// A key pair on the disk: both files or neither.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/env.h"

namespace sigstore::keys {

class KeyPairFiles {
 public:
  // PREFIX.key and PREFIX.pub.
  KeyPairFiles(Files& files, const std::string& prefix);

  [[nodiscard]] const std::string& private_path() const { return private_path_; }
  [[nodiscard]] const std::string& public_path() const { return public_path_; }

  // Those of the two that are there now.
  [[nodiscard]] std::vector<std::string> existing() const;
  // Whether both can be written at all; nothing stays behind.
  Result<void> probe();

  // The private key with mode 0600, the public with 0644. Without `overwrite`, Code::conflict when one of
  // them is there. After an error both names lead to what they led to before.
  Result<void> write(std::string_view private_pem, std::string_view public_pem, bool overwrite);

 private:
  Result<void> restore_public(const Result<std::string>& before);

  Files& files_;
  std::string private_path_;
  std::string public_path_;
};

}  // namespace sigstore::keys
