#include "sigstore/check/explain.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "sigstore/check/evidence_advice.h"
#include "sigstore/codec/words.h"

namespace sigstore::check {
namespace {

const verify::Check* check_named(const verify::Verdict& verdict, std::string_view id) {
  const auto found = std::ranges::find(verdict.checks, id, &verify::Check::id);
  return found == verdict.checks.end() ? nullptr : &*found;
}

bool failed(const verify::Verdict& verdict, std::string_view id) {
  const verify::Check* check = check_named(verdict, id);
  return check != nullptr && check->status == verify::Status::failed;
}

// What comes from outside stays one readable line, however much there is of it.
constexpr std::size_t named_at_most = 5;
constexpr std::size_t longest_text = 200;

// "a, b, c and 4 more"
std::string named(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < std::min(texts.size(), named_at_most); ++i)
    out += (i == 0 ? "" : ", ") + texts[i];
  if (texts.size() > named_at_most) out += " and " + std::to_string(texts.size() - named_at_most) + " more";
  return out;
}

bool of_attestations(const Options& options) {
  return options.requirements.wanted == verify::Wanted::attestation;
}

// What is looked for.
std::string noun(const Options& options) {
  return of_attestations(options) ? "attestation" : "signature";
}

// Candidates sorted by what they are.
struct Sorted {
  std::vector<const Candidate*> wanted;  // of the required kind
  std::vector<const Candidate*> others;  // of another kind or type
  std::vector<const Candidate*> unreadable;
};

Sorted sort(const std::vector<Candidate>& candidates) {
  Sorted sorted;
  for (const Candidate& candidate : candidates) {
    if (!candidate.stored.bundle)
      sorted.unreadable.push_back(&candidate);
    else if (failed(candidate.verdict, "type"))
      sorted.others.push_back(&candidate);
    else
      sorted.wanted.push_back(&candidate);
  }
  return sorted;
}

std::string_view noun_of(store::Format format) {
  switch (format) {
    case store::Format::bundle:
      return "bundle";
    case store::Format::envelope:
      return "envelope";
    case store::Format::simple_signing:
      break;
  }
  return "payload";
}

bool is_signature(const Candidate& candidate) {
  return candidate.stored.format == store::Format::simple_signing ||
         candidate.verdict.claims.type == payload::cosign_sign_predicate;
}

std::string kind_of(const Candidate& candidate, const Options& options) {
  if (!of_attestations(options)) return " (not a signature)";
  return is_signature(candidate) ? " (a signature)" : "";
}

// "2 bundles of type https://spdx.dev/Document (not a signature)", one for each type.
std::vector<std::string> other_types(const Sorted& sorted, const Options& options) {
  std::map<std::pair<std::string, std::string>, std::size_t> numbers;
  for (const Candidate* candidate : sorted.others) {
    const std::string noun(noun_of(candidate->stored.format));
    const std::string& type = candidate->verdict.claims.type;
    const std::string what =
        type.empty() ? " whose claims cannot be read: " + check_named(candidate->verdict, "type")->detail
                     : " of type " + type.substr(0, longest_text) + kind_of(*candidate, options);
    ++numbers[{noun, what}];
  }
  std::vector<std::string> texts;
  for (const auto& [text, number] : numbers)
    texts.push_back(codec::counted(number, text.first) + text.second);
  return texts;
}

std::string others(const Sorted& sorted, const Options& options) {
  std::vector<std::string> unreadable;
  for (const Candidate* candidate : sorted.unreadable)
    unreadable.push_back("one entry cannot be read, " + candidate->stored.location + ": " +
                         candidate->stored.bundle.error().text());
  const std::string types = named(other_types(sorted, options));
  const std::string broken = named(unreadable);
  return types + (types.empty() || broken.empty() ? "" : ", ") + broken;
}

std::string key_text(const std::string& fingerprint, const std::string& name) {
  return fingerprint + (name.empty() ? "" : " (" + name + ")");
}

std::string trusted_keys(const Options& options) {
  const auto& keys = options.material.keys;
  std::string text;
  for (std::size_t i = 0; i < std::min(keys.size(), named_at_most); ++i)
    text += (text.empty() ? "" : " or ") + key_text(keys[i].key.fingerprint(), keys[i].name);
  if (keys.size() > named_at_most) text += " or " + std::to_string(keys.size() - named_at_most) + " more";
  return text;
}

bool is_trusted(const std::string& hint, const Options& options) {
  return std::ranges::any_of(options.material.keys,
                             [&](const verify::TrustedKey& key) { return key.key.hint() == hint; });
}

// "1 bundle claims key sha256:X (unverified hint)"
std::string hints(const std::vector<const Candidate*>& signatures, const Options& options) {
  std::map<std::string, std::size_t> by_hint;
  for (const Candidate* candidate : signatures)
    if (!candidate->stored.bundle->key.hint.empty()) ++by_hint[candidate->stored.bundle->key.hint];
  std::vector<std::string> texts;
  for (const auto& [hint, number] : by_hint) {
    const std::string claim =
        codec::counted(number, "bundle") + (number == 1 ? " claims" : " claim") + " key ";
    texts.push_back(claim + bundle::hint_as_fingerprint(hint) +
                    (is_trusted(hint, options) ? " and does not verify with it" : " (unverified hint)"));
  }
  return texts.empty() ? "" : "; " + named(texts);
}

// A missing log entry is said only where nothing else is wrong.
const verify::Check& decisive(const verify::Verdict& verdict) {
  const auto found = std::ranges::find_if(verdict.checks, [](const verify::Check& c) {
    return c.status == verify::Status::failed && c.id != "log";
  });
  return found == verdict.checks.end() ? *verdict.first_failure() : *found;
}

// The one with the fewest failures; of these the one whose first comes last. Where there is nothing to judge
// by, one failure hides all others: it is the farthest.
const Candidate* nearest(const std::vector<const Candidate*>& signatures) {
  return *std::ranges::min_element(signatures, {}, [](const Candidate* c) {
    const auto& checks = c->verdict.checks;
    const auto first = std::ranges::find(checks, verify::Status::failed, &verify::Check::status);
    return std::tuple(failed(c->verdict, "material"),
                      std::ranges::count(checks, verify::Status::failed, &verify::Check::status),
                      checks.begin() - first);
  });
}

// Attestations are there, and none is of the type that was asked for.
Error of_other_types(const std::string& image, const Sorted& sorted, const Options& options) {
  return {Code::not_found,
          "no attestation of " + image + " is of type " + options.requirements.predicate_types.front(),
          "found: " + others(sorted, options), "name one of these with --type, or leave it out"};
}

Explanation nothing_there(const std::string& image, const Sorted& sorted, const Options& options) {
  if (!sorted.unreadable.empty())
    return {
        Reason::no_match,
        Error{
            Code::malformed, "no readable " + noun(options) + " for " + image, others(sorted, options), {}}};
  const bool of_another_type = of_attestations(options) && !options.requirements.predicate_types.empty() &&
                               !std::ranges::all_of(sorted.others, [](const Candidate* candidate) {
                                 return is_signature(*candidate);
                               });
  if (of_another_type) return {Reason::no_match, of_other_types(image, sorted, options)};
  Error error{Code::not_found, "no " + noun(options) + "s found for " + image, others(sorted, options), {}};
  if (!sorted.others.empty())
    error.hint = of_attestations(options)
                     ? "a signature is checked with `cosign verify`; it does not stand in for an attestation"
                     : "an attestation is checked with `cosign verify-attestation`; it does not stand in for "
                       "a signature";
  return {Reason::no_signature, std::move(error)};
}

Explanation by_another_key(const std::string& image, const Sorted& sorted, const Options& options) {
  const std::size_t number = sorted.wanted.size();
  std::string cause = number == 1 ? "the one " + noun(options) + " is not by key "
                                  : "none of " + codec::counted(number, noun(options)) + " is by key ";
  cause += trusted_keys(options) + hints(sorted.wanted, options);
  if (const std::string rest = others(sorted, options); !rest.empty()) cause += "; " + rest;
  return {Reason::no_match,
          Error{Code::bad_signature, "no matching " + noun(options) + "s for " + image, std::move(cause),
                "verify with the public key that belongs to the private key that signed"}};
}

std::string shown(const std::string& value) {
  return value.empty() ? "nothing" : value.substr(0, longest_text);
}

// " (expected A, found B)"
std::string compared(const verify::Check& check) {
  if (check.expected.empty()) return " (found " + shown(check.found) + ")";
  return " (expected " + shown(check.expected) + ", found " + shown(check.found) + ")";
}

bool signature_passed(const Candidate& candidate) {
  const verify::Check* check = check_named(candidate.verdict, "signature");
  return check != nullptr && check->status == verify::Status::passed;
}

bool by_key(const Options& options) {
  return !options.material.keys.empty();
}

Explanation one_check_short(const std::string& image, const Candidate& candidate, std::size_t of,
                            const Options& options) {
  const verify::Check& check = decisive(candidate.verdict);
  std::string cause = check.detail;
  // With the log alone in the way of a key's signature, the sentence says it all.
  const bool log_alone = check.id == "log" && by_key(options) && check.code == Code::not_found;
  if (!log_alone && (!check.expected.empty() || !check.found.empty())) cause += compared(check);
  if (of > 1 && check.id != "log") cause = "nearest of " + codec::counted(of, noun(options)) + ": " + cause;
  const std::string lacking = signature_passed(candidate) ? shortcoming(check, candidate) : "";
  std::string message = lacking.empty()
                            ? "no matching " + noun(options) + "s for " + image
                            : "the " + noun(options) + " on " + image + " is good, but " + lacking;
  const Code code = check.id == "signature" ? Code::bad_signature : Code::mismatch;
  return {Reason::no_match, Error{code, std::move(message), std::move(cause),
                                  advice(check, candidate, noun(options), options)}};
}

// Somebody could not be asked - the user's own rules, or whom to trust -: nothing is known about what passed
// all else.
const Error* without_answer(const Candidate& candidate) {
  if (candidate.trust_error && !candidate.verdict.accepted()) return &*candidate.trust_error;
  return candidate.policy_error ? &*candidate.policy_error : nullptr;
}
const Error* without_answer(const std::vector<Candidate>& candidates) {
  for (const Candidate& candidate : candidates)
    if (const Error* error = without_answer(candidate)) return error;
  return nullptr;
}

// Of the keys that may verify here, those that are not among `accepted`.
std::vector<std::string> missing_keys(const std::vector<std::pair<std::string, std::string>>& accepted,
                                      const Options& options) {
  const auto& where = options.requirements.repository;
  std::vector<std::string> missing;
  for (const verify::TrustedKey& trusted : options.material.keys) {
    const std::string id = trusted.key.fingerprint();
    const bool may = !trusted.listed || !keyset::refusal(*trusted.listed, keyset::Use::verify,
                                                         options.material.at, where ? &*where : nullptr);
    if (may && std::ranges::none_of(accepted, [&](const auto& one) { return one.first == id; }))
      missing.push_back(key_text(id, trusted.name));
  }
  return missing;
}

// Some keys signed, and more were asked for. What is wrong with the nearest of the rest helps.
Explanation too_few_keys(const std::string& image, const std::vector<Candidate>& candidates,
                         const Options& options) {
  std::vector<std::string> keys;
  const auto accepted = accepted_keys(candidates);
  for (const auto& [id, name] : accepted) keys.push_back(key_text(id, name));
  const auto missing = missing_keys(accepted, options);
  std::string cause = "it is by " + named(keys);
  for (const Candidate& candidate : candidates)
    if (failed(candidate.verdict, "key")) {
      cause += "; " + check_named(candidate.verdict, "key")->detail;
      break;
    }
  return {Reason::no_match,
          Error{Code::mismatch,
                image + " has a good " + noun(options) + " by " + std::to_string(keys.size()) + " of the " +
                    std::to_string(options.threshold) + " keys that are needed",
                std::move(cause),
                missing.empty() ? "" : "of these keys a good one is missing: " + named(missing)}};
}

}  // namespace

Explanation explain(const std::string& image, const std::vector<Candidate>& candidates,
                    const Options& options) {
  if (const Error* error = without_answer(candidates)) return {Reason::not_judged, *error};
  if (std::ranges::any_of(candidates, [](const Candidate& c) { return c.verdict.accepted(); }))
    return too_few_keys(image, candidates, options);
  const Sorted sorted = sort(candidates);
  if (sorted.wanted.empty()) return nothing_there(image, sorted, options);
  if (!by_key(options)) return one_check_short(image, *nearest(sorted.wanted), sorted.wanted.size(), options);
  std::vector<const Candidate*> signed_by_us;
  std::ranges::copy_if(sorted.wanted, std::back_inserter(signed_by_us),
                       [](const Candidate* c) { return signature_passed(*c); });
  if (signed_by_us.empty()) return by_another_key(image, sorted, options);
  return one_check_short(image, *nearest(signed_by_us), sorted.wanted.size(), options);
}

Explanation explain_message(const std::string& name, const Candidate* candidate, const Options& options,
                            const crypto::PassingMessage& message) {
  if (candidate == nullptr)
    return {Reason::no_signature, Error{Code::not_found, "no signatures found for " + name, {}, {}}};
  if (!candidate->stored.bundle)
    return {Reason::no_match, candidate->stored.bundle.error().wrap("no readable signature for " + name)};
  if (const Error* error = without_answer(*candidate)) return {Reason::not_judged, *error};
  const bundle::Bundle& bundle = *candidate->stored.bundle;
  if (failed(candidate->verdict, "type"))
    return {Reason::no_signature, Error{Code::not_found,
                                        "no signatures found for " + name,
                                        candidate->stored.location + " signs no file: " +
                                            check_named(candidate->verdict, "type")->detail,
                                        {}}};
  if (verify::names_message(bundle, message) == false)
    return {Reason::no_match, Error{Code::mismatch,
                                    name + " is not the file that was signed",
                                    candidate->stored.location + " names another digest",
                                    {}}};
  if (signature_passed(*candidate) || !by_key(options)) return one_check_short(name, *candidate, 1, options);
  const verify::Check* check = check_named(candidate->verdict, "signature");
  if (check->expected.empty())
    return {Reason::no_match,
            Error{Code::unsupported, "no matching signatures for " + name, check->detail, {}}};
  std::string cause = "it is not by key " + trusted_keys(options) + hints({candidate}, options);
  if (!verify::names_message(bundle, message)) cause += ", or " + name + " was changed";
  return {Reason::no_match, Error{Code::bad_signature, "no matching signatures for " + name, std::move(cause),
                                  "verify with the public key that belongs to the private key that signed"}};
}

}  // namespace sigstore::check
