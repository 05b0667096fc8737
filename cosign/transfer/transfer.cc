#include "cosign/transfer/transfer.h"

#include <mutex>

#include "cosign/options/workers.h"
#include "sigstore/carry/registry_target.h"
#include "sigstore/codec/words.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::codec::counted;
using namespace sigstore::carry;

namespace {

// One line, written anew for each percent.
class ProgressLine {
 public:
  ProgressLine(Session& session, std::string verb) : session_(session), verb_(std::move(verb)) {}
  ~ProgressLine() {
    if (shown_ >= 0) session_.progress("");
  }
  void show(const Progress& progress) {
    const int percent =
        progress.all_bytes == 0 ? 100 : static_cast<int>(progress.bytes * 100 / progress.all_bytes);
    if (percent == shown_) return;
    shown_ = percent;
    session_.progress(verb_ + ": " + std::to_string(percent) + " % of " + bytes_text(progress.all_bytes));
  }

 private:
  Session& session_;
  const std::string verb_;
  int shown_ = -1;
};

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  for (; tenths >= 10000 && unit + 1 < std::size(units); ++unit) tenths = (tenths + 500) / 1000;
  std::string text = std::to_string(tenths / 10);
  if (unit > 0) text += "." + std::to_string(tenths % 10);
  return text + " " + units[unit];
}

void TransferFlags::declare(FlagSet& flags) {
  declare_workers(flags, &workers, "blobs that are moved at the same time");
  registry.declare(flags);
}

Result<void> move(Session& session, Source& source, Target& target, const Cargo& cargo,
                  const TransferFlags& flags, const std::string& verb) {
  session.remarks(cargo.notes);
  CarryOptions options;
  options.blobs_at_once = flags.workers;
  options.cancel = session.cancel();
  Result<Summary> summary;
  {
    ProgressLine line(session, verb);
    options.progress = [&](const Progress& progress) { line.show(progress); };
    summary = carry(source, target, cargo, options);
  }
  if (!summary) return fail(std::move(summary).error());
  session.remarks(target.notes());
  session.note(verb + ": " + counted(summary->manifests, "manifest") + ", " +
               counted(summary->blobs, "blob") + " of " + bytes_text(summary->bytes) + ", of which " +
               bytes_text(summary->moved) + " had to be moved");
  return {};
}

Result<std::unique_ptr<Source>> registry_source(Session& session, const TransferFlags& flags,
                                                const sigstore::oci::Repository& repository) {
  TRY(const auto moved, session.signature_repository());
  return make_registry_source(session.registry(flags.registry), repository, moved.value_or(repository),
                              flags.registry.attachment_tag_prefix);
}

Result<sigstore::oci::Descriptor> find_image(Session& session, const TransferFlags& flags,
                                             const sigstore::oci::Reference& reference) {
  auto image = session.registry(flags.registry).resolve(reference);
  if (!image) return fail(session.explain(image.error(), reference));
  return *std::move(image);
}

Result<void> check_target(const sigstore::oci::Reference& reference) {
  if (!reference.tag || !is_attachment_tag(*reference.tag)) return {};
  return fail(Code::invalid_argument, "an image under the tag " + *reference.tag + " would hide signatures",
              "tags that begin with sha256- hold what hangs on an image", "choose another tag");
}

}  // namespace cosign
