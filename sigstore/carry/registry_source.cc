#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/base/pushed_reader.h"
#include "sigstore/carry/source.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::carry {
namespace {

constexpr std::size_t small_blob = 256 * limits::kib;   // read at once, without a thread
constexpr std::size_t window = 4 * limits::copy_bytes;  // a download is ahead of its upload
constexpr std::array<Kind, 3> tags = {Kind::signatures, Kind::attestations, Kind::sbom};

// A text that the reader owns.
class OwnedText final : public FileReader {
 public:
  explicit OwnedText(std::string text) : text_(std::move(text)), reader_(read_text(text_)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override { return reader_->read(out); }

 private:
  const std::string text_;
  const std::unique_ptr<FileReader> reader_;
};

class RegistrySource final : public Source {
 public:
  RegistrySource(remote::Registry& registry, oci::Repository image, oci::Repository attached,
                 std::string prefix)
      : registry_(registry),
        image_(std::move(image)),
        attached_(std::move(attached)),
        prefix_(std::move(prefix)) {}

  Result<remote::ManifestContent> manifest(const oci::Digest& digest, bool attached) override {
    return registry_.manifest(attached ? attached_ : image_, digest.text());
  }
  Result<Hanging> hanging(const oci::Digest& subject) override;
  Result<std::unique_ptr<FileReader>> open(const Item& item, const oci::Descriptor& blob) override;
  [[nodiscard]] std::optional<oci::Repository> repository(const Item& item) const override {
    return item.kind == Kind::image ? image_ : attached_;
  }

 private:
  // What a tag holds; nothing where it is absent.
  Result<std::optional<remote::ManifestContent>> tagged(const std::string& tag, const oci::Digest& subject,
                                                        Hanging& hanging);
  Result<void> add_fallback(const oci::Digest& subject, Hanging& hanging);

  remote::Registry& registry_;
  const oci::Repository image_, attached_;
  const std::string prefix_;
};

Result<std::optional<remote::ManifestContent>> RegistrySource::tagged(const std::string& tag,
                                                                      const oci::Digest& subject,
                                                                      Hanging& hanging) {
  auto content = registry_.manifest(attached_, tag);
  if (content) return std::move(*content);
  auto absent = store::take_as_absent(registry_, attached_, subject, tag, content.error(), hanging.notes);
  if (absent) return std::nullopt;
  return fail(absent.error().wrap("cannot look up " + attached_.text() + ":" + tag));
}

// The tag of a list of referrers may list what the API lists too.
Result<void> RegistrySource::add_fallback(const oci::Digest& subject, Hanging& hanging) {
  const std::string tag = oci::attachment_tag(subject, "");
  TRY(const auto content, tagged(tag, subject, hanging));
  if (!content) return {};
  if (!oci::is_index(content->descriptor.media_type)) {
    hanging.notes.push_back("the tag " + tag + " is no list of referrers; it was passed over");
    return {};
  }
  auto index = oci::Index::parse(content->bytes);
  if (!index) return fail(index.error().wrap("cannot read " + attached_.text() + ":" + tag));
  for (oci::Descriptor& listed : index->manifests)
    if (std::ranges::find(hanging.referrers, listed.digest, &oci::Descriptor::digest) ==
        hanging.referrers.end())
      hanging.referrers.push_back(std::move(listed));
  return {};
}

Result<Hanging> RegistrySource::hanging(const oci::Digest& subject) {
  Hanging hanging;
  for (const Kind kind : tags) {
    TRY(auto content, tagged(oci::attachment_tag(subject, tag_suffix(kind), prefix_), subject, hanging));
    if (content) hanging.tags.push_back({kind, std::move(*content)});
  }
  auto answer = registry_.referrers(attached_, subject);
  if (!answer) return fail(answer.error().wrap("cannot list the referrers in " + attached_.text()));
  if (answer->truncated)
    return fail(Code::too_large, "too many referrers of " + subject.text(),
                "more than " + std::to_string(limits::referrers));
  hanging.referrers = std::move(answer->descriptors);
  TRY_OK(add_fallback(subject, hanging));
  return hanging;
}

Result<std::unique_ptr<FileReader>> RegistrySource::open(const Item& item, const oci::Descriptor& blob) {
  const oci::Repository& from = item.kind == Kind::image ? image_ : attached_;
  if (blob.size <= small_blob) {
    TRY(auto text, registry_.blob(from, blob, small_blob));
    return std::make_unique<OwnedText>(std::move(text));
  }
  return read_pushed(
      [this, &from, blob](const ByteSink& sink) { return registry_.download(from, blob, sink); }, window);
}

}  // namespace

std::unique_ptr<Source> make_registry_source(remote::Registry& registry, oci::Repository image,
                                             oci::Repository attached, std::string tag_prefix) {
  return std::make_unique<RegistrySource>(registry, std::move(image), std::move(attached),
                                          std::move(tag_prefix));
}

}  // namespace sigstore::carry
