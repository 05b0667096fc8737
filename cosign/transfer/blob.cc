#include "cosign/transfer/blob.h"

#include "cosign/transfer/transfer.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/stamped_reader.h"
#include "sigstore/codec/hex.h"

namespace cosign {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;

namespace {

constexpr std::string_view variable_scheme = "env://";
constexpr std::uint64_t quiet_bytes =
    16 * sigstore::limits::mib;  // read before anybody would ask how far it is

// A text that is read where it stands in it.
class OwnedText final : public sigstore::FileReader {
 public:
  explicit OwnedText(std::string text) : text_(std::move(text)), reader_(sigstore::read_text(text_)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override { return reader_->read(out); }

 private:
  const std::string text_;
  std::unique_ptr<sigstore::FileReader> reader_;
};

Result<Blob> open_variable(Session& session, const std::string& name) {
  const std::string variable = name.substr(variable_scheme.size());
  auto text = session.env().variables->get(variable);
  if (!text) return fail(Code::not_found, "the variable " + variable + " is not set");
  Blob blob;
  blob.name = name;
  blob.size = text->size();
  blob.reader = std::make_unique<OwnedText>(std::move(*text));
  return blob;
}

// What a name means where no file has it.
Result<Blob> without_file(Session& session, const std::string& name, const Error& error) {
  Blob blob;
  blob.name = name;
  if (name.starts_with("sha256:")) {
    TRY(blob.digest, sigstore::oci::Digest::parse(name));
    return blob;
  }
  if (name.starts_with(variable_scheme)) return open_variable(session, name);
  if (name.starts_with("http://") || name.starts_with("https://"))
    return fail(Code::unsupported, name + " is not downloaded", {},
                "curl -fsSL " + name + " | cosign … -   reads it from standard input");
  if (error.code != Code::not_found) return fail(error);
  return fail(Code::not_found, name + " is not there", {},
              "give a file, - for standard input, or sha256:DIGEST");
}

}  // namespace

Result<Blob> open_blob(Session& session, const std::string& name) {
  Blob blob;
  blob.name = name;
  if (name == "-") {
    blob.reader = session.take_input();
    return blob;
  }
  auto reader = session.env().files->open(name);
  if (!reader) return without_file(session, name, reader.error());
  const auto* file = dynamic_cast<const sigstore::StampedReader*>(reader->get());
  if (const auto stamp = file == nullptr ? std::nullopt : file->stamp()) {
    blob.size = stamp->size;
    blob.again = true;
  }
  blob.reader = std::move(*reader);
  return blob;
}

Result<void> find_blob(Session& session, const std::string& name) {
  if (name == "-" || session.env().files->exists(name)) return {};
  TRY_OK(without_file(session, name, {Code::not_found, {}, {}, {}}));
  return {};
}

ReadingProgress::~ReadingProgress() {
  if (!shown_.empty()) session_.progress("");
}

void ReadingProgress::add(std::uint64_t bytes) {
  const std::uint64_t all = bytes_ += bytes, size = size_;
  if (all < quiet_bytes) return;
  const std::string text = size == 0 ? bytes_text(all)
                                     : std::to_string(std::min<std::uint64_t>(100, all * 100 / size)) +
                                           " % of " + bytes_text(size);
  const std::lock_guard lock(mutex_);
  if (text == shown_) return;
  shown_ = text;
  session_.progress(verb_ + ": " + text);
}

Result<void> read_blob(Session& session, sigstore::FileReader& reader, ReadingProgress& progress,
                       const sigstore::ByteSink& sink) {
  const sigstore::ByteSink counted = [&](sigstore::BytesView piece) -> Result<void> {
    TRY_OK(session.may_go_on());
    TRY_OK(sink(piece));
    progress.add(piece.size());
    return {};
  };
  TRY_OK(sigstore::copy_stream(reader, counted));
  return {};
}

Result<void> pass_blob(Session& session, const std::string& name, const std::string& verb,
                       sigstore::crypto::PassingMessage& message) {
  TRY(const Blob blob, open_blob(session, name));
  if (blob.digest) {
    TRY(auto digest, sigstore::codec::hex::decode(blob.digest->hex()));
    message = sigstore::crypto::PassingMessage::known_by(sigstore::crypto::HashAlgorithm::sha256,
                                                         std::move(digest));
    return {};
  }
  ReadingProgress progress(session, verb);
  progress.expect(blob.size);
  return read_blob(session, *blob.reader, progress, [&](sigstore::BytesView piece) -> Result<void> {
    message.update(piece);
    return {};
  });
}

}  // namespace cosign
