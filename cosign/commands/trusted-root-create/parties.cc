#include "cosign/commands/trusted-root-create/parties.h"

#include <algorithm>

#include "cosign/options/service_spec.h"
#include "sigstore/tlog/checkpoint.h"

namespace cosign::trusted_root_create {

namespace trust = sigstore::trust;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::Time;
using sigstore::crypto::PublicKey;
using sigstore::crypto::x509::Certificate;
using trust::CertificateAuthority;
using trust::Log;
using trust::TimeRange;

namespace {

SpecGrammar log_grammar(const std::string& flag) {
  return {flag,
          {"url", "public-key", "start-time"},
          {"end-time", "origin"},
          "url=https://log.example.com,public-key=log.pub,start-time=2024-01-01T00:00:00Z"};
}
SpecGrammar authority_grammar(const std::string& flag) {
  return {flag,
          {"url", "certificate-chain"},
          {"start-time", "end-time"},
          "url=https://ca.example.com,certificate-chain=ca.pem"};
}

Result<TimeRange> ordered(TimeRange range, const std::string& flag) {
  if (range.end && *range.end < range.start.value_or(Time::min()))
    return fail(Code::invalid_argument, flag + " ends before it starts");
  return range;
}

Result<PublicKey> read_key(const std::string& path, const ReadFile& read) {
  TRY(const auto pem, read(path));
  return PublicKey::from_pem(pem, path);
}

// A chain in the wrong order is what a person is told of: as a set it may serve nevertheless.
void note_order(const std::vector<Certificate>& chain, const std::string& path, Notes& notes) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const auto issuer = chain[i].issuer_name();
    const auto next = chain[i + 1].subject_name();
    if (std::ranges::equal(issuer, next)) continue;
    notes.push_back("certificate " + std::to_string(i + 1) + " of " + path + " is of " +
                    chain[i].issuer_text() + ", but behind it stands " + chain[i + 1].subject_text() +
                    ": a chain begins with what issues, and the root is last");
  }
}

Result<std::vector<Certificate>> read_chain(const std::string& path, const ReadFile& read, Notes& notes) {
  TRY(const auto pem, read(path));
  TRY(auto chain, Certificate::parse_pem(pem, path));
  note_order(chain, path, notes);
  return chain;
}

// The certificate that signs timestamps comes first. Alone it is listed as its own root, as real cosign does.
Result<void> check_timestamping(std::vector<Certificate>& chain, const std::string& path) {
  if (chain.front().is_ca())
    return fail(Code::invalid_argument, "the first certificate of " + path + " is a CA's",
                "the certificate that signs timestamps comes first, and the root last: it is " +
                    chain.front().subject_text());
  if (chain.size() == 1) chain.push_back(chain.front());
  return {};
}

Result<CertificateAuthority> read_authority(const std::string& flag, const std::string& value,
                                            bool timestamps, const ReadFile& read, Notes& notes) {
  TRY(const auto spec, ServiceSpec::parse(authority_grammar(flag), value));
  const auto path = spec.text("certificate-chain");
  TRY(auto chain, read_chain(path, read, notes));
  if (timestamps) TRY_OK(check_timestamping(chain, path));
  const auto& first = timestamps ? chain.front() : chain.back();
  TRY(auto start, spec.time("start-time"));
  TRY(const auto end, spec.time("end-time"));
  TRY(const auto range, ordered({start.value_or(first.validity().not_before), end}, flag));
  return trust::list_authority(std::move(chain), spec.text("url"), range);
}

// One of the old flags has more values than there are keys or chains.
Result<void> check_count(const std::string& flag, std::size_t count, const std::string& of,
                         std::size_t most) {
  if (count <= most) return {};
  return fail(Code::invalid_argument,
              "--" + flag + " is given " + std::to_string(count) + " times, and --" + of + " only " +
                  std::to_string(most) + " times",
              "the first belongs to the first, and so on");
}

Result<std::optional<Time>> time_at(const std::string& flag, const std::vector<std::string>& list,
                                    std::size_t index) {
  if (index >= list.size()) return std::nullopt;
  TRY(const auto time, parse_flag_time("--" + flag, list[index]));
  return time;
}

}  // namespace

Result<Log> read_log(const std::string& flag, const std::string& value, const ReadFile& read, Notes& notes) {
  TRY(const auto spec, ServiceSpec::parse(log_grammar(flag), value));
  TRY(const auto key, read_key(spec.text("public-key"), read));
  TRY(const auto start, spec.time("start-time"));
  TRY(const auto end, spec.time("end-time"));
  TRY(const auto range, ordered({start, end}, flag));
  TRY(auto log, trust::list_log(key, spec.text("url"), range));
  const auto origin = spec.text("origin");
  if (origin.empty()) return log;
  log.log_id = sigstore::tlog::note_key_id(origin, key);
  if (log.origin().value_or("") != origin)
    notes.push_back(flag + ": the origin " + origin +
                    " is not the host of its url, by whose name clients verify checkpoints");
  return log;
}

Result<CertificateAuthority> read_fulcio(const std::string& value, const ReadFile& read, Notes& notes) {
  return read_authority("--fulcio", value, false, read, notes);
}

Result<CertificateAuthority> read_tsa(const std::string& value, const ReadFile& read, Notes& notes) {
  return read_authority("--tsa", value, true, read, notes);
}

bool OldLogFlags::given() const {
  return !keys.empty() || !urls.empty() || !starts.empty() || !ends.empty();
}

bool OldAuthorityFlags::given() const {
  return !chains.empty() || !uris.empty();
}

Result<std::vector<Log>> read_old(const OldLogFlags& flags, const ReadFile& read) {
  const auto name = [&](const char* suffix) { return flags.prefix + suffix; };
  TRY_OK(check_count(name("-url"), flags.urls.size(), name("-key"), flags.keys.size()));
  TRY_OK(check_count(name("-start-time"), flags.starts.size(), name("-key"), flags.keys.size()));
  TRY_OK(check_count(name("-end-time"), flags.ends.size(), name("-key"), flags.keys.size()));
  std::vector<Log> out;
  for (std::size_t i = 0; i < flags.keys.size(); ++i) {
    const auto comma = flags.key_with_origin ? flags.keys[i].find(',') : std::string::npos;
    TRY(const auto key, read_key(flags.keys[i].substr(0, comma), read));
    TRY(const auto start, time_at(name("-start-time"), flags.starts, i));
    TRY(const auto end, time_at(name("-end-time"), flags.ends, i));
    TRY(const auto range, ordered({start.value_or(Time{}), end}, "--" + name("-key")));
    TRY(auto log, trust::list_log(key, i < flags.urls.size() ? flags.urls[i] : "", range));
    const auto origin = comma == std::string::npos ? "" : flags.keys[i].substr(comma + 1);
    if (!origin.empty()) log.log_id = sigstore::tlog::note_key_id(origin, key);
    out.push_back(std::move(log));
  }
  return out;
}

Result<std::vector<CertificateAuthority>> read_old(const OldAuthorityFlags& flags, const ReadFile& read,
                                                   Notes& notes) {
  TRY_OK(check_count(flags.uri_flag, flags.uris.size(), flags.chain_flag, flags.chains.size()));
  std::vector<CertificateAuthority> out;
  for (std::size_t i = 0; i < flags.chains.size(); ++i) {
    TRY(auto chain, read_chain(flags.chains[i], read, notes));
    if (flags.timestamps) TRY_OK(check_timestamping(chain, flags.chains[i]));
    const TimeRange range{chain.back().validity().not_before, std::nullopt};
    out.push_back(trust::list_authority(std::move(chain), i < flags.uris.size() ? flags.uris[i] : "", range));
  }
  return out;
}

}  // namespace cosign::trusted_root_create
