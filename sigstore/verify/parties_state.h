// What TrustedParties keeps. Private to this room.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "sigstore/timestamp/token.h"
#include "sigstore/verify/parties.h"

namespace sigstore::verify {

// Made at the first call, by whichever thread comes first; later calls give the same.
template <typename T>
class Once {
 public:
  template <typename Make>
  const Result<T>& get(Make make) const {
    std::call_once(flag_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  mutable std::once_flag flag_;
  mutable std::optional<Result<T>> value_;
};

// A log, of entries or of certificates.
class LogParty {
 public:
  explicit LogParty(const trust::Log& log) : log_(log) {}
  [[nodiscard]] const trust::Log& log() const { return log_; }
  [[nodiscard]] const Result<crypto::PublicKey>& key() const {
    return key_.get([this] { return log_.key(); });
  }
  // Where it is, or, without a place, its id.
  [[nodiscard]] std::string name() const;

 private:
  const trust::Log& log_;
  Once<crypto::PublicKey> key_;
};

// Who issues certificates.
class CaParty {
 public:
  explicit CaParty(const trust::CertificateAuthority& ca) : ca_(&ca) {}
  explicit CaParty(crypto::x509::Authority given) : given_(std::move(given)) {}
  [[nodiscard]] bool valid_at(Time at) const { return ca_ == nullptr || ca_->valid.contains(at); }
  [[nodiscard]] Result<crypto::x509::Authority> authority() const;
  [[nodiscard]] std::string name() const;

 private:
  const trust::CertificateAuthority* ca_ = nullptr;  // nullptr: `given_`
  std::optional<crypto::x509::Authority> given_;
  Once<crypto::x509::Authority> made_;
};

// Who issues timestamps.
class TsaParty {
 public:
  explicit TsaParty(const trust::CertificateAuthority& tsa) : tsa_(tsa) {}
  [[nodiscard]] const trust::TimeRange& valid() const { return tsa_.valid; }
  [[nodiscard]] const Result<timestamp::TimestampAuthority>& authority() const;
  // Whether a token that does not verify says that it is of this authority, or does not say of which.
  [[nodiscard]] bool may_have_issued(const timestamp::Token& token) const;
  [[nodiscard]] std::string name() const;

 private:
  const trust::CertificateAuthority& tsa_;
  Once<timestamp::TimestampAuthority> made_;
};

struct TrustedParties::State {
  trust::TrustedRoot root;  // what those below refer to
  std::deque<LogParty> tlogs, ctlogs;
  std::deque<CaParty> cas;
  std::deque<TsaParty> tsas;
};

// "2026-07-24T00:00:00Z to 2027-01-01T00:00:00Z", "from … on", "until …", "at any time"
std::string shown(const trust::TimeRange& range);

}  // namespace sigstore::verify
