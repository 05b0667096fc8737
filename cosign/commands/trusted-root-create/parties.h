// Logs and authorities as the flags of `trusted-root create` name them. Pure: files come in by a function.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sigstore/trust/trusted_root.h"

namespace cosign::trusted_root_create {

// The content of a file, bounded.
using ReadFile = std::function<sigstore::Result<std::string>(const std::string& path)>;

// What a person should know of a root that was made nevertheless.
using Notes = std::vector<std::string>;

// One value of --rekor or --ctfe, and of --fulcio or --tsa. Code::invalid_argument, and the file's errors.
sigstore::Result<sigstore::trust::Log> read_log(const std::string& flag, const std::string& value,
                                                const ReadFile& read, Notes& notes);
sigstore::Result<sigstore::trust::CertificateAuthority> read_fulcio(const std::string& value,
                                                                    const ReadFile& read, Notes& notes);
sigstore::Result<sigstore::trust::CertificateAuthority> read_tsa(const std::string& value,
                                                                 const ReadFile& read, Notes& notes);

// The flags of cosign 2 for one kind of log: the first key belongs to the first URL and the first times.
struct OldLogFlags {
  std::string prefix;  // "rekor"
  std::vector<std::string> keys, urls, starts, ends;
  bool key_with_origin = false;  // "FILE,ORIGIN"
  [[nodiscard]] bool given() const;
};
// For one kind of authority: the first chain belongs to the first URI.
struct OldAuthorityFlags {
  std::string chain_flag, uri_flag;  // "certificate-chain", "fulcio-uri"
  std::vector<std::string> chains, uris;
  bool timestamps = false;
  [[nodiscard]] bool given() const;
};
sigstore::Result<std::vector<sigstore::trust::Log>> read_old(const OldLogFlags& flags, const ReadFile& read);
sigstore::Result<std::vector<sigstore::trust::CertificateAuthority>> read_old(const OldAuthorityFlags& flags,
                                                                              const ReadFile& read,
                                                                              Notes& notes);

}  // namespace cosign::trusted_root_create
