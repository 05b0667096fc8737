#include <algorithm>
#include <set>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/verify/evidence.h"
#include "sigstore/verify/parties_state.h"

namespace sigstore::verify {
namespace {

using codec::rfc3339::seconds;

// How far a timestamp came.
enum Reached { unread, of_a_stranger, of_an_authority, out_of_time };

// One authority's word about one token.
Result<Time> ask(const TsaParty& party, const timestamp::Token& token, const Bytes& signature,
                 Nearest& misses, bool& disowned) {
  const auto& authority = party.authority();
  const auto time =
      authority ? timestamp::verify(token, signature, *authority) : Result<Time>(fail(authority.error()));
  if (!time) {
    const bool own = party.may_have_issued(token);
    disowned = disowned || own;
    misses.add({own ? of_an_authority : of_a_stranger, time.error().code,
                "a timestamp is not good by authority " + party.name() + ": " + time.error().text()});
    return time;
  }
  if (party.valid().contains(*time)) return time;
  disowned = true;
  misses.add({out_of_time, Code::mismatch,
              "a timestamp is not of the time in which authority " + party.name() + " is trusted",
              shown(party.valid()), seconds(*time)});
  return fail(Code::mismatch, "out of time");
}

std::string listed(const std::vector<Time>& times) {
  std::set<Time> sorted(times.begin(), times.end());
  std::string text;
  for (const Time time : sorted) text += (text.empty() ? "" : ", ") + seconds(time);
  return text;
}

Check too_few(const Case& judged, const SignedTimes& stamped) {
  const auto number = static_cast<std::size_t>(judged.requirements.signed_times);
  const std::string wanted =
      counted(number, "timestamp", "timestamps") + (number == 1 ? "" : " by as many authorities");
  Miss none{0, Code::not_found, "the signature carries no timestamp"};
  if (judged.parties() == nullptr || judged.parties()->tsas.empty())
    none.detail = "no timestamp authority is trusted";
  if (stamped.authorities > 0)
    none = {0, Code::mismatch,
            "its timestamps are by " + counted(stamped.authorities, "authority", "authorities")};
  Check check = stamped.misses.failure("time", clause_time, none);
  if (check.expected.empty() && check.found.empty()) {
    check.expected = wanted;
    check.found = stamped.authorities == 0 ? "none" : std::to_string(stamped.authorities);
  }
  return check;
}

Check no_time(const Case& judged, const Logged& logged) {
  std::string why = "nothing proves when it was signed, and its certificate was valid for a while only";
  if (logged.timeless)
    why = "its log entry proves no time (of Rekor v2 none does), and it carries no timestamp";
  if (!judged.bundle.evidence.timestamps.empty())
    why = "its timestamp proves no time: no timestamp authority is trusted";
  Check check = failed("time", clause_time, "a proven time", "none", std::move(why));
  check.code = Code::not_found;
  return check;
}

}  // namespace

SignedTimes judge_timestamps(const Case& judged) {
  SignedTimes out;
  if (judged.parties() == nullptr) return out;
  std::set<std::string> vouching;
  for (const Bytes& der : judged.bundle.evidence.timestamps) {
    const auto token = timestamp::Token::parse(der);
    if (!token) {
      out.misses.add({unread, token.error().code, "a timestamp cannot be read: " + token.error().text()});
      continue;
    }
    // What others say of it counts only when nobody vouches for it.
    Nearest misses = out.misses;
    bool disowned = out.disowned, good = false;
    for (const TsaParty& party : judged.parties()->tsas)
      if (const auto time = ask(party, *token, judged.bundle.signature, misses, disowned)) {
        good = true;
        out.times.push_back(*time);
        vouching.insert(party.name());
        break;
      }
    if (good) continue;
    out.misses = std::move(misses);
    out.disowned = disowned;
  }
  out.authorities = vouching.size();
  return out;
}

std::optional<Check> judge_time(const Case& judged, const SignedTimes& stamped, const Logged& logged) {
  const int needed = judged.requirements.signed_times;
  if (!judged.leaf && needed <= 0 &&
      (judged.parties() == nullptr || judged.bundle.evidence.timestamps.empty()))
    return std::nullopt;
  if (needed > 0 && stamped.authorities < static_cast<std::size_t>(needed)) return too_few(judged, stamped);
  if (stamped.authorities == 0 && stamped.disowned) return stamped.misses.failure("time", clause_time, {});
  std::vector<Time> times = stamped.times;
  times.insert(times.end(), logged.times.begin(), logged.times.end());
  if (!times.empty()) return passed("time", clause_time, listed(times));
  if (!judged.leaf)
    return skipped("time", clause_time, "no timestamp is by a trusted authority, and none is needed");
  // The log is the only one who could have told, and says why not.
  if (logged.check.status == Status::failed && stamped.misses.empty() && !judged.requirements.current_time)
    return skipped("time", clause_time, "the log entry that could prove it is not proven itself");
  if (!stamped.misses.empty() && !judged.requirements.current_time)
    return stamped.misses.failure("time", clause_time, {});
  if (!judged.requirements.current_time) return no_time(judged, logged);
  return skipped("time", clause_time, "no time is proven; the certificate is judged as of now, as asked");
}

}  // namespace sigstore::verify
