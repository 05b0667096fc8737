#include <algorithm>
#include <set>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/verify/evidence.h"
#include "sigstore/verify/parties_state.h"

namespace sigstore::verify {
namespace {

using crypto::x509::Certificate;
using crypto::x509::Sct;

// How far a promise came.
enum Reached { of_a_stranger, unusable, out_of_time, not_its_own };

using Verify = Result<void> (*)(const Sct&, const std::vector<Certificate>&, const crypto::PublicKey&);

Result<void> embedded(const Sct& sct, const std::vector<Certificate>& path, const crypto::PublicKey& log) {
  if (path.size() < 2) return fail(Code::mismatch, "the issuer of the certificate is not known");
  return crypto::x509::verify_embedded(sct, path[0], path[1], log);
}
Result<void> detached(const Sct& sct, const std::vector<Certificate>& path, const crypto::PublicKey& log) {
  return crypto::x509::verify_detached(sct, path[0], log);
}

std::optional<Miss> ask(const LogParty& party, const Sct& sct, const std::vector<Certificate>& path,
                        Verify verify) {
  if (!party.key())
    return Miss{unusable, party.key().error().code,
                "log " + party.name() + " cannot be used: " + party.key().error().text()};
  if (!party.log().valid.contains(sct.at))
    return Miss{out_of_time, Code::mismatch,
                "an SCT is not of the time in which log " + party.name() + " is trusted",
                shown(party.log().valid), codec::rfc3339::seconds(sct.at)};
  if (const auto verified = verify(sct, path, *party.key()); !verified)
    return Miss{not_its_own, verified.error().code,
                "an SCT is not good by log " + party.name() + ": " + verified.error().text()};
  return std::nullopt;
}

// Counts logs, not promises.
class Count {
 public:
  explicit Count(const Case& judged) : logs_(judged.parties()->ctlogs) {}
  void add(const Sct& sct, const std::vector<Certificate>& path, Verify verify) {
    if (good_.contains(sct.log_id)) return;
    bool known = false;
    for (const LogParty& party : logs_) {
      if (party.log().log_id != sct.log_id) continue;
      known = true;
      if (auto miss = ask(party, sct, path, verify)) {
        misses.add(std::move(*miss));
        continue;
      }
      good_.insert(sct.log_id);
      return;
    }
    if (!known)
      misses.add({of_a_stranger, Code::not_found,
                  logs_.empty() ? "an SCT is of a log, and no log of certificates is trusted"
                                : "an SCT is of a log that is not trusted",
                  trusted(), codec::hex::encode(sct.log_id)});
  }
  [[nodiscard]] std::size_t logs() const { return good_.size(); }
  Nearest misses;

 private:
  // The first of those that are trusted; empty when there is none.
  [[nodiscard]] std::string trusted() const {
    if (logs_.empty()) return "";
    const std::string more = logs_.size() > 1 ? " or " + std::to_string(logs_.size() - 1) + " more" : "";
    return logs_.front().name() + more;
  }

  const std::deque<LogParty>& logs_;
  std::set<Bytes> good_;
};

}  // namespace

Check judge_scts(const Case& judged, const std::vector<Certificate>& path) {
  const int needed = judged.requirements.scts;
  if (needed <= 0) return skipped("sct", clause_certificate, "SCTs are not looked at, as asked");
  const auto scts = crypto::x509::embedded_scts(path.front());
  if (!scts) {
    Check check = failed("sct", clause_certificate, {}, {},
                         "the certificate's SCTs cannot be read: " + scts.error().text());
    check.code = scts.error().code;
    return check;
  }
  Count count(judged);
  for (const Sct& sct : *scts) count.add(sct, path, embedded);
  if (judged.material.detached_sct) count.add(*judged.material.detached_sct, path, detached);
  const std::string found = counted(count.logs(), "log", "logs");
  if (count.logs() >= static_cast<std::size_t>(needed)) return passed("sct", clause_certificate, found);
  const std::string wanted = "SCTs of " + counted(static_cast<std::size_t>(needed), "log", "logs");
  Miss none{0, Code::not_found, "the certificate carries no SCT, and none is given", wanted, "none"};
  if (count.logs() > 0)
    none = {0, Code::mismatch, "too few logs promise to list the certificate", wanted, found};
  return count.misses.failure("sct", clause_certificate, none);
}

}  // namespace sigstore::verify
