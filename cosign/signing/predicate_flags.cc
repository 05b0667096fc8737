#include "cosign/signing/predicate_flags.h"

#include "cosign/options/predicate_type.h"
#include "sigstore/base/limits.h"
#include "sigstore/payload/predicate.h"
#include "sigstore/payload/predicate_type.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::sign::Attestation;

Result<std::string> read_text(Session& session, const std::string& path, const char* what) {
  auto text = session.read_file(path, sigstore::limits::predicate_bytes);
  if (!text) return fail(text.error().wrap(std::string("cannot read the ") + what + " " + path));
  session.note("Using payload from: " + (path == "-" ? "standard input" : path));
  return text;
}

}  // namespace

void PredicateFlags::declare(FlagSet& flags) {
  flags.text("predicate", &predicate, "FILE", "what is said: the predicate, or `-` for stdin");
  declare_type(flags, &type, "what kind of predicate it is: a short name such as spdxjson, or any URI");
  flags.text("statement", &statement, "FILE",
             "a whole in-toto statement in place of --predicate, or `-`; signed byte for byte");
}

Result<void> PredicateFlags::check() const {
  if (predicate.empty() && statement.empty())
    return fail(Code::invalid_argument, "there is nothing to attest", {},
                "add --predicate FILE, and --type for what it is; or --statement FILE");
  if (!predicate.empty() && !statement.empty())
    return fail(Code::invalid_argument, "--predicate and --statement exclude each other",
                "a statement has its predicate in it");
  TRY_OK(sigstore::payload::predicate_uri(type));
  return {};
}

Result<Attestation> PredicateFlags::read(Session& session, bool type_given) const {
  TRY(const auto wanted, sigstore::payload::PredicateType::parse(type));
  if (statement.empty()) {
    TRY(auto text, read_text(session, predicate, "predicate"));
    TRY(text, sigstore::payload::make_predicate(wanted, std::move(text), session.env().clock->now()));
    return Attestation{wanted.uri, std::move(text), {}, false};
  }
  TRY(auto text, read_text(session, statement, "statement"));
  TRY(auto whole, Attestation::whole(std::move(text)));
  if (type_given && whole.type != wanted.uri)
    return fail(Code::mismatch, "the statement is of another type than --type says",
                "it is " + whole.type + ", not " + wanted.uri, "leave --type out: the statement has its own");
  return whole;
}

}  // namespace cosign
