#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/commands/sign-blob/flags.h"
#include "cosign/commands/sign-blob/kept_message.h"
#include "cosign/session/deliver.h"
#include "cosign/signing/opening_key.h"
#include "cosign/transfer/blob.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/parallel.h"
#include "sigstore/bundle/old_bundle.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/sign/blob.h"

namespace cosign {

std::string help_sign_blob();  // help.md

namespace {

using sigstore::ByteSource;
using sigstore::BytesView;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::bundle::Bundle;

// A file after its first reading.
struct HashedBlob {
  sigstore::Bytes sha256;
  std::optional<KeptMessage> kept;  // where it cannot be read again
  bool again = false;
};

// One run of the command: all files are read while the key is opened, then each is signed.
class SignBlobRun {
 public:
  SignBlobRun(Session& session, const SignBlobFlags& flags, const std::vector<std::string>& names)
      : session_(session), flags_(flags), names_(names) {}

  Result<int> run();

 private:
  Result<HashedBlob> hash(const std::string& name);
  Result<HashedBlob> hash(Blob blob);
  KeptMessage keep() const;
  bool needs_message() const;
  Result<std::vector<Bundle>> sign_all(sigstore::crypto::Signer& signer);
  Result<Bundle> sign(sigstore::crypto::Signer& signer, const std::string& name, const HashedBlob& blob);
  ByteSource from_file(const std::string& name);
  Result<void> write(const Bundle& bundle);
  std::string as_printed(const Bundle& bundle) const;

  Session& session_;
  const SignBlobFlags& flags_;
  const std::vector<std::string>& names_;
  std::optional<ReadingProgress> progress_;  // while files are read
  std::optional<Blob> input_;                // "-", until it is read
  std::optional<OpeningKey> key_;
  std::vector<Result<HashedBlob>> hashed_;
};

bool SignBlobRun::needs_message() const {
  const auto& signer = key_->get();
  return signer && sigstore::sign::needs_message((*signer)->public_key().type());
}

KeptMessage SignBlobRun::keep() const {
  return {[this] { return key_->known(); }, [this] { return needs_message(); }};
}

Result<HashedBlob> SignBlobRun::hash(const std::string& name) {
  if (name != "-") {
    TRY(auto opened, open_blob(session_, name));
    return hash(std::move(opened));
  }
  return hash(std::move(*input_));
}

Result<HashedBlob> SignBlobRun::hash(Blob blob) {
  HashedBlob hashed;
  if (blob.digest) {
    TRY(hashed.sha256, sigstore::codec::hex::decode(blob.digest->hex()));
    return hashed;
  }
  hashed.again = blob.again;
  if (!blob.again) hashed.kept = keep();
  if (names_.size() == 1) progress_->expect(blob.size);
  sigstore::crypto::Hasher hasher(sigstore::crypto::HashAlgorithm::sha256);
  TRY_OK(read_blob(session_, *blob.reader, *progress_, [&](BytesView piece) -> Result<void> {
    hasher.update(piece);
    return hashed.kept ? hashed.kept->add(piece) : Result<void>{};
  }));
  hashed.sha256 = hasher.finish();
  return hashed;
}

// A file as a source that can be opened as often as it takes. Errors and interrupts end it.
ByteSource SignBlobRun::from_file(const std::string& name) {
  class Reader final : public sigstore::FileReader {
   public:
    Reader(Session& session, Blob blob) : session_(session), blob_(std::move(blob)) {}
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
      TRY_OK(session_.may_go_on());
      return blob_.reader->read(out);
    }

   private:
    Session& session_;
    Blob blob_;
  };
  return {0, [this, name]() -> Result<std::unique_ptr<sigstore::FileReader>> {
            TRY(auto blob, open_blob(session_, name));
            return std::make_unique<Reader>(session_, std::move(blob));
          }};
}

Result<Bundle> SignBlobRun::sign(sigstore::crypto::Signer& signer, const std::string& name,
                                 const HashedBlob& blob) {
  std::optional<ByteSource> source;
  if (blob.kept) source = blob.kept->source();
  if (blob.again) source = from_file(name);
  auto made = sigstore::sign::sign_message(signer, blob.sha256, source ? &*source : nullptr);
  if (!made)
    return fail(made.error().code == Code::cancelled ? made.error()
                                                     : made.error().wrap("signing " + name + " failed"));
  return made;
}

Result<std::vector<Bundle>> SignBlobRun::sign_all(sigstore::crypto::Signer& signer) {
  std::vector<std::optional<Result<Bundle>>> made(names_.size());
  sigstore::parallel(names_.size(), flags_.max_workers,
                     [&](std::size_t i) { made[i] = sign(signer, names_[i], *hashed_[i]); });
  std::vector<Bundle> bundles;
  for (auto& one : made) {
    TRY(Bundle bundle, std::move(*one));
    bundles.push_back(std::move(bundle));
  }
  return bundles;
}

std::string SignBlobRun::as_printed(const Bundle& bundle) const {
  return flags_.base64 ? sigstore::codec::base64::encode(bundle.signature)
                       : sigstore::to_text(bundle.signature);
}

Result<void> SignBlobRun::write(const Bundle& bundle) {
  std::string text;
  if (flags_.outputs.writes_sigstore_bundle()) {
    TRY(text, sigstore::bundle::write(bundle));
  } else if (!flags_.outputs.bundle.empty()) {
    text = sigstore::bundle::write_old_bundle(bundle.signature);
  }
  const BlobOutputFlags& outputs = flags_.outputs;
  if (!outputs.bundle.empty()) TRY_OK(write_file(session_, outputs.bundle, text, "Wrote bundle to file "));
  if (!outputs.signature.empty())
    TRY_OK(write_file(session_, outputs.signature, as_printed(bundle), "Wrote signature to file "));
  if (flags_.outputs.prints_signature())
    session_.out_exactly(as_printed(bundle) + (flags_.base64 ? "\n" : ""));
  return {};
}

Result<int> SignBlobRun::run() {
  for (const std::string& name : names_) TRY_OK(find_blob(session_, name));
  TRY(auto key_set, flags_.signing.key_set.open(session_));
  // Taken before anybody could look for a password in it.
  if (std::ranges::find(names_, "-") != names_.end()) {
    TRY(input_, open_blob(session_, "-"));
  }
  key_.emplace(session_, flags_.signing.key, std::move(key_set));
  if (input_ && session_.input_is_terminal()) (void)key_->get();  // the password is typed first
  hashed_.assign(names_.size(), fail(Code::internal, "not read"));
  progress_.emplace(session_, "signing");
  sigstore::parallel(names_.size(), flags_.max_workers, [&](std::size_t i) { hashed_[i] = hash(names_[i]); });
  progress_.reset();
  const auto& signer = key_->get();
  if (!signer) return fail(signer.error());
  bool complete = true;
  for (const auto& blob : hashed_) {
    if (blob) continue;
    complete = false;
    session_.print(blob.error());
  }
  if (!complete) return ui::exit_error;  // nothing is signed
  TRY(const auto bundles, sign_all(**signer));
  for (const Bundle& bundle : bundles) TRY_OK(write(bundle));
  return ui::exit_ok;
}

class SignBlobCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"sign-blob"}; }
  [[nodiscard]] std::string usage() const override { return "FILE..."; }
  [[nodiscard]] std::string summary() const override { return "sign files"; }
  [[nodiscard]] std::string manual() const override { return help_sign_blob(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }

  Result<int> run(Session& session, const FlagSet& flags, const std::vector<std::string>& names) override {
    TRY_OK(flags_.check(flags, *session.env().files, names));
    if (const std::string remark = flags_.outputs.remark(); !remark.empty()) session.note(remark);
    return SignBlobRun(session, flags_, names).run();
  }

 private:
  SignBlobFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_sign_blob() {
  return std::make_unique<SignBlobCommand>();
}

}  // namespace cosign
