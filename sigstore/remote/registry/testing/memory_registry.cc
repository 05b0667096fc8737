#include "sigstore/remote/registry/testing/memory_registry.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "sigstore/codec/json.h"

namespace sigstore::remote::testing {
namespace {

std::string etag_of(const oci::Digest& digest) {
  return "\"" + digest.text() + "\"";
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("no test data at " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

MemoryRegistry::MemoryRegistry(MemoryOptions options) : options_(options) {}

void MemoryRegistry::before(Call call, Hook hook) {
  std::scoped_lock lock(mutex_);
  before_[call] = std::move(hook);
}

void MemoryRegistry::after(Call call, Hook hook) {
  std::scoped_lock lock(mutex_);
  after_[call] = std::move(hook);
}

void MemoryRegistry::set_delay(Clock& clock, Duration delay) {
  std::scoped_lock lock(mutex_);
  clock_ = &clock;
  delay_ = delay;
}

template <typename T>
Result<T> MemoryRegistry::answer(Request request, const std::function<Result<T>()>& work) {
  Hook before, after;
  Clock* clock = nullptr;
  Duration delay{0};
  {
    std::scoped_lock lock(mutex_);
    log_.push_back(request);
    if (auto hook = before_.find(request.call); hook != before_.end()) before = hook->second;
    if (auto hook = after_.find(request.call); hook != after_.end()) after = hook->second;
    clock = clock_;
    delay = delay_;
  }
  if (clock != nullptr) TRY_OK(clock->sleep(delay));
  if (before) TRY_OK(before(request));
  Result<T> result = [&] {
    std::scoped_lock lock(mutex_);
    return work();
  }();
  if (after) TRY_OK(after(request));
  return result;
}

oci::Descriptor MemoryRegistry::add_blob(const oci::Repository& repository, std::string_view content) {
  std::scoped_lock lock(mutex_);
  oci::Descriptor descriptor;
  descriptor.digest = oci::Digest::sha256(content);
  descriptor.size = content.size();
  content_[repository.text()].blobs[descriptor.digest.text()] = content;
  return descriptor;
}

void MemoryRegistry::add_lying_blob(const oci::Repository& repository, const oci::Digest& digest,
                                    std::string content) {
  std::scoped_lock lock(mutex_);
  content_[repository.text()].blobs[digest.text()] = std::move(content);
}

oci::Descriptor MemoryRegistry::add_manifest(const oci::Repository& repository, const std::string& tag,
                                             std::string_view media_type, std::string_view content) {
  std::scoped_lock lock(mutex_);
  oci::Descriptor descriptor;
  descriptor.media_type = media_type;
  descriptor.digest = oci::Digest::sha256(content);
  descriptor.size = content.size();
  Content& there = content_[repository.text()];
  there.manifests[descriptor.digest.text()] = {std::string(media_type), std::string(content)};
  if (!tag.empty()) there.tags[tag] = descriptor.digest.text();
  return descriptor;
}

void MemoryRegistry::remove_tag(const oci::Repository& repository, const std::string& tag) {
  std::scoped_lock lock(mutex_);
  content_[repository.text()].tags.erase(tag);
}

void MemoryRegistry::remove_manifest(const oci::Repository& repository, const oci::Digest& digest) {
  std::scoped_lock lock(mutex_);
  Content& there = content_[repository.text()];
  there.manifests.erase(digest.text());
  std::erase_if(there.tags, [&](const auto& tag) { return tag.second == digest.text(); });
}

void MemoryRegistry::load_layout(const std::string& folder, const oci::Repository& repository) {
  const std::string text = read_file(folder + "/index.json");
  const auto index = oci::Index::parse(text);
  if (!index) throw std::runtime_error(index.error().text());
  const auto bytes_of = [&](const oci::Digest& digest) {
    return read_file(folder + "/blobs/sha256/" + std::string(digest.hex()));
  };
  const std::function<void(const oci::Descriptor&)> load = [&](const oci::Descriptor& descriptor) {
    const std::string bytes = bytes_of(descriptor.digest);
    const auto tag = descriptor.annotations.find("org.opencontainers.image.ref.name");
    add_manifest(repository, tag == descriptor.annotations.end() ? "" : tag->second, descriptor.media_type,
                 bytes);
    if (oci::is_index(descriptor.media_type)) {
      const auto children = oci::Index::parse(bytes).value();
      for (const auto& child : children.manifests) load(child);
      return;
    }
    const auto manifest = oci::Manifest::parse(bytes).value();
    add_blob(repository, bytes_of(manifest.config.digest));
    for (const auto& layer : manifest.layers) {
      std::ifstream exists(folder + "/blobs/sha256/" + std::string(layer.digest.hex()));
      if (exists) add_blob(repository, bytes_of(layer.digest));
    }
  };
  for (const auto& descriptor : index->manifests) load(descriptor);
}

int MemoryRegistry::count(Call call) const {
  std::scoped_lock lock(mutex_);
  int n = 0;
  for (const auto& request : log_) n += request.call == call ? 1 : 0;
  return n;
}

std::vector<Request> MemoryRegistry::log() const {
  std::scoped_lock lock(mutex_);
  return log_;
}

void MemoryRegistry::clear_log() {
  std::scoped_lock lock(mutex_);
  log_.clear();
}

Result<ManifestContent> MemoryRegistry::find(const oci::Repository& repository,
                                             const std::string& tag_or_digest) const {
  const bool by_digest = tag_or_digest.find(':') != std::string::npos;
  const Code absent = by_digest ? Code::not_found : options_.absent_tag;
  const std::string what = "no manifest " + tag_or_digest + " in " + repository.text();
  const auto content = content_.find(repository.text());
  if (content == content_.end()) return fail(absent, what, "name unknown");
  std::string digest = tag_or_digest;
  if (!by_digest) {
    const auto tag = content->second.tags.find(tag_or_digest);
    if (tag == content->second.tags.end()) return fail(absent, what, "manifest unknown");
    digest = tag->second;
  }
  const auto manifest = content->second.manifests.find(digest);
  if (manifest == content->second.manifests.end()) return fail(absent, what, "manifest unknown");
  ManifestContent found;
  found.bytes = manifest->second.bytes;
  found.descriptor.media_type = manifest->second.media_type;
  found.descriptor.digest = oci::Digest::sha256(found.bytes);
  found.descriptor.size = found.bytes.size();
  if (options_.etags) found.etag = etag_of(found.descriptor.digest);
  return found;
}

Result<oci::Descriptor> MemoryRegistry::resolve(const oci::Reference& reference) {
  return answer<oci::Descriptor>({Call::resolve, reference.repository.text(), reference.tag_or_digest()},
                                 [&]() -> Result<oci::Descriptor> {
                                   TRY(auto found, find(reference.repository, reference.tag_or_digest()));
                                   return found.descriptor;
                                 });
}

Result<ManifestContent> MemoryRegistry::manifest(const oci::Repository& repository,
                                                 const std::string& tag_or_digest) {
  return answer<ManifestContent>({Call::manifest, repository.text(), tag_or_digest},
                                 [&] { return find(repository, tag_or_digest); });
}

Result<std::string> MemoryRegistry::blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                                         std::size_t max) {
  return answer<std::string>(
      {Call::blob, repository.text(), descriptor.digest.text()}, [&]() -> Result<std::string> {
        const auto& blobs = content_[repository.text()].blobs;
        const auto found = blobs.find(descriptor.digest.text());
        if (found == blobs.end()) return fail(Code::not_found, "no blob " + descriptor.digest.text());
        if (descriptor.size > max)
          return fail(Code::too_large, "blob " + descriptor.digest.text() + " is too large");
        if (found->second.size() != descriptor.size || !descriptor.digest.matches(found->second))
          return fail(Code::mismatch, "blob " + descriptor.digest.text() + " is not what its digest says");
        return found->second;
      });
}

Result<void> MemoryRegistry::push_blob(const oci::Repository& repository, const oci::Digest& digest,
                                       std::string_view content) {
  return answer<void>({Call::push_blob, repository.text(), digest.text()}, [&]() -> Result<void> {
    if (!digest.matches(content)) return fail(Code::mismatch, "upload is not " + digest.text());
    content_[repository.text()].blobs[digest.text()] = content;
    return {};
  });
}

Result<void> MemoryRegistry::check_blobs(const Content& content, std::string_view bytes) const {
  TRY(auto manifest, oci::Manifest::parse(bytes));
  std::vector<oci::Digest> needed{manifest.config.digest};
  for (const auto& layer : manifest.layers) needed.push_back(layer.digest);
  for (const auto& digest : needed)
    if (!content.blobs.contains(digest.text()))
      return fail(Code::malformed, "manifest blob unknown", digest.text());
  return {};
}

Result<void> MemoryRegistry::check_condition(const Content& content, const std::string& tag,
                                             const Precondition& condition) {
  if (!options_.preconditions || condition.kind == Precondition::Kind::none) return {};
  const auto current = content.tags.find(tag);
  const bool exists = current != content.tags.end();
  const bool holds = condition.kind == Precondition::Kind::absent
                         ? !exists
                         : exists && condition.etag == "\"" + current->second + "\"";
  if (holds) return {};
  answered_412_ = true;
  return fail(Code::conflict, "the tag " + tag + " is not as it was", "HTTP 412");
}

Result<PutResult> MemoryRegistry::write_manifest(const oci::Repository& repository,
                                                 const std::string& tag_or_digest,
                                                 std::string_view media_type, std::string_view bytes,
                                                 const Precondition& precondition) {
  const bool by_digest = tag_or_digest.find(':') != std::string::npos;
  Content& there = content_[repository.text()];
  PutResult result;
  result.digest = oci::Digest::sha256(bytes);
  if (by_digest && tag_or_digest != result.digest.text())
    return fail(Code::mismatch, "manifest is not " + tag_or_digest);
  if (options_.needs_blobs && oci::is_manifest(media_type)) TRY_OK(check_blobs(there, bytes));
  if (!by_digest) {
    TRY_OK(check_condition(there, tag_or_digest, precondition));
    if (options_.immutable_tags && there.tags.contains(tag_or_digest))
      return fail(Code::conflict, "cannot write " + tag_or_digest,
                  "HTTP 409: TAG_IMMUTABLE: tag is immutable");
    there.tags[tag_or_digest] = result.digest.text();
  }
  there.manifests[result.digest.text()] = {std::string(media_type), std::string(bytes)};
  const auto value = codec::json::parse(bytes, "manifest");
  result.subject_acknowledged =
      options_.referrers_api && options_.subject_acknowledged && value && value->get("subject") != nullptr;
  return result;
}

Result<PutResult> MemoryRegistry::push_manifest(const oci::Repository& repository,
                                                const std::string& tag_or_digest, std::string_view media_type,
                                                std::string_view content, const Precondition& precondition) {
  return answer<PutResult>({Call::push_manifest, repository.text(), tag_or_digest, precondition}, [&] {
    return write_manifest(repository, tag_or_digest, media_type, content, precondition);
  });
}

Result<ReferrersAnswer> MemoryRegistry::referrers(const oci::Repository& repository,
                                                  const oci::Digest& digest) {
  return answer<ReferrersAnswer>(
      {Call::referrers, repository.text(), digest.text()}, [&]() -> Result<ReferrersAnswer> {
        ReferrersAnswer result;
        result.api = options_.referrers_api;
        if (!options_.referrers_api || !options_.referrers_listed) return result;
        for (const auto& [name, stored] : content_[repository.text()].manifests) {
          const auto value = codec::json::parse(stored.bytes, "manifest");
          const codec::json::Value* subject = value ? value->get("subject") : nullptr;
          const codec::json::Value* claimed = subject == nullptr ? nullptr : subject->get("digest");
          if (claimed == nullptr || claimed->string() == nullptr || *claimed->string() != digest.text())
            continue;
          TRY(auto descriptor, oci::referrer_descriptor(stored.bytes, stored.media_type));
          result.descriptors.push_back(std::move(descriptor));
        }
        return result;
      });
}

Result<std::vector<std::string>> MemoryRegistry::tags(const oci::Repository& repository) {
  return answer<std::vector<std::string>>({Call::tags, repository.text(), ""},
                                          [&]() -> Result<std::vector<std::string>> {
                                            std::vector<std::string> names;
                                            for (const auto& [tag, digest] : content_[repository.text()].tags)
                                              names.push_back(tag);
                                            return names;
                                          });
}

void MemoryRegistry::break_downloads(int times, std::size_t after) {
  std::scoped_lock lock(mutex_);
  breaking_ = times;
  breaks_after_ = after;
}

std::size_t MemoryRegistry::bytes_before_it_breaks() {
  std::scoped_lock lock(mutex_);
  if (breaking_ == 0) return std::string::npos;
  --breaking_;
  return breaks_after_;
}

Result<bool> MemoryRegistry::has_blob(const oci::Repository& repository, const oci::Digest& digest) {
  return answer<bool>({Call::has_blob, repository.text(), digest.text()}, [&]() -> Result<bool> {
    return content_[repository.text()].blobs.contains(digest.text());
  });
}

// In small pieces, without the lock.
Result<void> MemoryRegistry::download(const oci::Repository& repository, const oci::Descriptor& descriptor,
                                      const ByteSink& sink) {
  TRY(const std::string content,
      answer<std::string>({Call::download, repository.text(), descriptor.digest.text()},
                          [&]() -> Result<std::string> {
                            const auto& blobs = content_[repository.text()].blobs;
                            const auto found = blobs.find(descriptor.digest.text());
                            if (found != blobs.end()) return found->second;
                            return fail(Code::not_found, "no blob " + descriptor.digest.text());
                          }));
  const bool right = content.size() == descriptor.size && descriptor.digest.matches(content);
  const std::size_t end = std::min(bytes_before_it_breaks(), content.size());
  constexpr std::size_t piece = 1000;
  for (std::size_t at = 0; at < end; at += piece) {
    if (!right && at + piece >= content.size()) break;
    TRY_OK(sink(as_bytes(std::string_view(content).substr(at, std::min(piece, end - at)))));
  }
  if (end < content.size()) return fail(Code::unavailable, "the connection broke");
  if (!right)
    return fail(Code::mismatch, "blob " + descriptor.digest.text() + " is not what its digest says");
  return {};
}

std::optional<Arrival> MemoryRegistry::arrived(const oci::Repository& repository, const oci::Digest& digest,
                                               const std::optional<oci::Repository>& from) {
  auto& blobs = content_[repository.text()].blobs;
  if (blobs.contains(digest.text())) return Arrival::there_already;
  if (!options_.mounts || !from || from->registry != repository.registry) return std::nullopt;
  const auto& others = content_[from->text()].blobs;
  const auto known = others.find(digest.text());
  if (known == others.end()) return std::nullopt;
  blobs[digest.text()] = known->second;
  return Arrival::mounted;
}

// The source is read without the lock: it may be a download from here.
Result<Arrival> MemoryRegistry::upload(const oci::Repository& repository, const oci::Digest& digest,
                                       const ByteSource& source, const std::optional<oci::Repository>& from) {
  TRY(const auto known, answer<std::optional<Arrival>>({Call::upload, repository.text(), digest.text()},
                                                       [&]() -> Result<std::optional<Arrival>> {
                                                         return arrived(repository, digest, from);
                                                       }));
  if (known) return *known;
  TRY(const auto reader, source.open());
  std::string content;
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    content += as_text(piece);
    return {};
  }));
  if (!digest.matches(content)) return fail(Code::mismatch, "upload is not " + digest.text());
  std::scoped_lock lock(mutex_);
  content_[repository.text()].blobs[digest.text()] = std::move(content);
  return Arrival::uploaded;
}

Result<void> MemoryRegistry::remove(const oci::Repository& repository, const std::string& tag_or_digest) {
  if (!options_.deletes) return fail(Code::unsupported, "nothing is deleted here", "HTTP 405");
  TRY(const auto found, find(repository, tag_or_digest));
  Content& there = content_[repository.text()];
  if (there.tags.erase(tag_or_digest) > 0) return {};
  const std::string digest = found.descriptor.digest.text();
  there.manifests.erase(digest);
  std::erase_if(there.tags, [&](const auto& tag) { return tag.second == digest; });
  return {};
}

Result<void> MemoryRegistry::delete_manifest(const oci::Repository& repository,
                                             const std::string& tag_or_digest) {
  return answer<void>({Call::delete_manifest, repository.text(), tag_or_digest},
                      [&] { return remove(repository, tag_or_digest); });
}

Result<void> MemoryRegistry::delete_blob(const oci::Repository& repository, const oci::Digest& digest) {
  return answer<void>({Call::delete_blob, repository.text(), digest.text()}, [&]() -> Result<void> {
    if (!options_.deletes) return fail(Code::unsupported, "nothing is deleted here", "HTTP 405");
    if (content_[repository.text()].blobs.erase(digest.text()) > 0) return {};
    return fail(Code::not_found, "no blob " + digest.text());
  });
}

Result<ManifestContent> MemoryRegistry::document(const oci::Repository& repository, const std::string& tag) {
  return answer<ManifestContent>({Call::manifest, repository.text(), tag},
                                 [&] { return find(repository, tag); });
}

bool MemoryRegistry::honours_preconditions(const oci::Repository&) {
  std::scoped_lock lock(mutex_);
  return options_.preconditions && (options_.known_to_honour || answered_412_);
}

Result<void> MemoryRegistry::ping(const std::string& registry) {
  return answer<void>({Call::ping, registry, ""}, []() -> Result<void> { return {}; });
}

}  // namespace sigstore::remote::testing
