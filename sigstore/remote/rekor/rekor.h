// A client of Rekor v1 (its OpenAPI description, "entries"): entries by where they stand and by what they
// say. What it answers is as hostile as a file: read strictly, and believed by nobody before it is verified.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/remote/service/service.h"
#include "sigstore/tlog/body.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::remote {

// The address of a log: http:// or https://, without query and user. `place` names where it stands
// ("--rekor-url"). Code::invalid_argument. Nothing secret is sent there, and what is answered is proven, so
// that http:// is as good.
Result<net::Url> parse_rekor_url(const std::string& text, std::string_view place);

// Thread-safe. Errors are those of Service: not_found where the log has no such entry, malformed for what is
// no entry, too_large for more than limits::tlog_entries.
class Rekor {
 public:
  Rekor(const Env& env, std::unique_ptr<net::Transport> transport, net::Url base);

  // The entry at this place over all shards. Code::malformed when another one is answered.
  Result<tlog::Entry> by_index(std::uint64_t log_index);
  // By its UUID (64 digits) or entry ID (80 digits, a tree's before it), hexadecimal.
  Result<tlog::Entry> by_uuid(const std::string& uuid);

  // Entries about this signature over a file, or over an envelope (as JSON, in each form in which it may have
  // been uploaded), by its certificate or key. Perhaps none: that is no error. They are of those kinds, but
  // whether they say what was asked for is for the caller to compare.
  Result<std::vector<tlog::Entry>> of_signature(const tlog::LoggedDigest& artifact,
                                                const tlog::LoggedSignature& signature);
  Result<std::vector<tlog::Entry>> of_envelope(const std::vector<std::string>& envelopes,
                                               const tlog::LoggedSignature& signer);

  [[nodiscard]] const std::string& name() const { return service_.name(); }

 private:
  Result<tlog::Entry> get(const std::string& path, const std::string& what);
  Result<std::vector<tlog::Entry>> find(codec::json::Array proposed, const std::string& what);
  std::unexpected<Error> improper(const Error& error, const std::string& what) const;

  Service service_;
};

// The entries of an answer, a map from entry ID to entry: each stands under the hash of its own body.
Result<std::vector<tlog::Entry>> read_rekor_entries(const codec::json::Value& answer);

}  // namespace sigstore::remote
