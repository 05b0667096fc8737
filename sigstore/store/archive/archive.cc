#include "sigstore/store/archive/archive.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/base/stream.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/tar_reader.h"
#include "sigstore/content/check.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;
namespace tar = codec::tar;

struct Place {
  std::uint64_t at = 0, size = 0;
};

class ArchiveContent final : public content::Store {
 public:
  ArchiveContent(Files& files, std::string path, std::map<oci::Digest, Place> places)
      : files_(files), path_(std::move(path)), places_(std::move(places)) {}

  Result<std::uint64_t> size(const oci::Digest& digest) override {
    TRY(const Place place, find(digest));
    return place.size;
  }
  Result<std::shared_ptr<const std::string>> read(const oci::Digest& digest, std::size_t max) override {
    TRY(const Place place, find(digest));
    if (place.size > max) return fail(Code::too_large, digest.text() + " is too large");
    TRY(const auto reader, open(digest, 0));
    auto text = std::make_shared<std::string>();
    TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
      *text += as_text(piece);
      return {};
    }));
    return text;
  }
  Result<std::unique_ptr<FileReader>> open(const oci::Digest& digest, std::uint64_t offset) override {
    TRY(const Place place, find(digest));
    if (offset != 0) return fail(Code::unsupported, "an archive is read from the start");
    TRY(auto reader, files_.open(path_));
    TRY_OK(reader->skip(place.at));
    return content::verifying(std::move(reader), digest, place.size);
  }
  Result<std::unique_ptr<content::Writer>> begin(crypto::HashAlgorithm) override { return read_only(); }
  Result<void> remove(const oci::Digest&) override { return read_only(); }
  Result<std::vector<oci::Digest>> list(std::size_t max) override {
    if (places_.size() > max) return fail(Code::too_large, "too many contents to look at", path_);
    std::vector<oci::Digest> digests;
    for (const auto& [digest, place] : places_) digests.push_back(digest);
    return digests;
  }

 private:
  std::unexpected<Error> read_only() const {
    return fail(Code::unsupported, "an archive is only read", path_);
  }
  Result<Place> find(const oci::Digest& digest) const {
    const auto known = places_.find(digest);
    if (known != places_.end()) return known->second;
    return fail(Code::not_found, "there is no " + digest.text() + " in " + path_);
  }

  Files& files_;
  const std::string path_;
  const std::map<oci::Digest, Place> places_;
};

// The first reading: everything is looked at, and nothing is kept but the small files.
class Reading {
 public:
  explicit Reading(tar::Reader& reader) : reader_(reader) {}
  Result<Archive> run(Files& files, const std::string& path);

 private:
  Result<void> entry(const tar::Header& header);
  Result<std::string> text_of(const tar::Header& header, std::size_t max, crypto::Hasher& hasher);
  Result<void> blob(const tar::Header& header, crypto::Hasher& hasher);
  Result<void> check_list() const;

  tar::Reader& reader_;
  std::vector<std::uint8_t> buffer_;
  ArchiveList found_;
  std::optional<ArchiveList> wanted_;
  std::map<oci::Digest, Place> places_;
  Archive archive_;
};

Result<std::string> Reading::text_of(const tar::Header& header, std::size_t max, crypto::Hasher& hasher) {
  if (header.size > max) return fail(Code::too_large, header.path + " in the archive is too large");
  std::string text(header.size, '\0');
  TRY_OK(reader_.read({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  hasher.update(as_bytes(text));
  return text;
}

Result<void> Reading::blob(const tar::Header& header, crypto::Hasher& hasher) {
  const auto slash = header.path.rfind('/');
  auto digest = oci::Digest::parse("sha256:" + header.path.substr(slash + 1));
  if (!header.path.starts_with("blobs/sha256/") || slash != 12 || !digest)
    return fail(Code::malformed, "the archive holds a file that is no part of an image layout", header.path,
                "taken are archives of `cosign save --archive` and of `skopeo copy … oci-archive:FILE`");
  places_[*digest] = {reader_.at(), header.size};
  if (buffer_.empty()) buffer_.resize(limits::copy_bytes);
  for (std::uint64_t left = header.size; left > 0;) {
    const auto piece = std::span(buffer_).first(std::min<std::uint64_t>(left, buffer_.size()));
    TRY_OK(reader_.read(piece));
    hasher.update(piece);
    left -= piece.size();
  }
  return {};
}

Result<void> Reading::entry(const tar::Header& header) {
  if (header.folder) {
    if (header.path.empty() || header.path == "." || header.path == "blobs" || header.path == "blobs/sha256")
      return {};
    return fail(Code::malformed, "the archive holds a folder that is no part of an image layout",
                header.path);
  }
  if (found_.contains(header.path) || (header.path == archive_list_name && wanted_))
    return fail(Code::malformed, "the archive holds a file twice", header.path);
  crypto::Hasher hasher(crypto::HashAlgorithm::sha256);
  std::string text;
  if (header.path == archive_list_name) {
    TRY(text, text_of(header, limits::archive_list_bytes, hasher));
    TRY(wanted_, parse_list(text));
  } else if (header.path == "oci-layout") {
    TRY(archive_.version, text_of(header, limits::layout_version_bytes, hasher));
  } else if (header.path == "index.json") {
    TRY(archive_.index, text_of(header, limits::manifest_bytes, hasher));
  } else {
    TRY_OK(blob(header, hasher));
  }
  const std::string digest = codec::hex::encode(hasher.finish());
  if (header.path.starts_with("blobs/") && !header.path.ends_with(digest))
    return fail(Code::mismatch, "a file in the archive does not have its digest", header.path);
  if (header.path != archive_list_name) found_[header.path] = {header.size, digest};
  return {};
}

Result<void> Reading::check_list() const {
  if (!wanted_) return {};  // of another program
  for (const auto& [name, file] : *wanted_) {
    const auto known = found_.find(name);
    if (known == found_.end()) return fail(Code::mismatch, "the archive lacks a file that it lists", name);
    if (known->second != file)
      return fail(Code::mismatch, "a file in the archive is not the one it lists", name);
  }
  for (const auto& [name, file] : found_)
    if (!wanted_->contains(name))
      return fail(Code::mismatch, "the archive holds a file that it does not list", name);
  return {};
}

Result<Archive> Reading::run(Files& files, const std::string& path) {
  while (true) {
    TRY(const auto header, reader_.next());
    if (!header) break;
    TRY_OK(entry(*header));
  }
  TRY_OK(check_list());
  if (archive_.index.empty())
    return fail(Code::malformed, path + " is no archive of an image", "it holds no index.json");
  archive_.content = std::make_unique<ArchiveContent>(files, path, std::move(places_));
  return std::move(archive_);
}

}  // namespace

std::string write_list(const ArchiveList& list) {
  json::Array files;
  for (const auto& [path, file] : list)
    files.push_back(json::Object{{"path", path}, {"size", file.size}, {"sha256", file.sha256}});
  return json::write(json::Object{{"version", 1}, {"files", std::move(files)}});
}

Result<ArchiveList> parse_list(std::string_view text) {
  TRY(const auto document, json::parse(text, archive_list_name, {.max_bytes = limits::archive_list_bytes}));
  TRY(const json::Object* object, json::need_object(document, archive_list_name));
  const json::Value* version = object->find("version");
  const auto number = version == nullptr ? 0 : version->to_uint64().value_or(0);
  if (number != 1) return fail(Code::unsupported, "the archive is of a version that is not known");
  const json::Value* files = object->find("files");
  if (files == nullptr || files->array() == nullptr)
    return fail(Code::malformed, "contents.json lists no files");
  ArchiveList list;
  for (const json::Value& each : *files->array()) {
    TRY(const json::Object* file, json::need_object(each, "a file of contents.json"));
    TRY(auto path, json::need_string(*file, "path", "contents.json"));
    TRY(auto sha256, json::need_string(*file, "sha256", "contents.json"));
    const json::Value* size = file->find("size");
    if (size == nullptr) return fail(Code::malformed, "contents.json names no size", path);
    const auto bytes = size->to_uint64();
    if (!bytes || !oci::Digest::parse("sha256:" + sha256))
      return fail(Code::malformed, "contents.json has a bad size or digest", path);
    if (list.size() >= limits::archive_entries)
      return fail(Code::too_large, "contents.json lists too many files");
    if (!list.emplace(std::move(path), ArchiveFile{*bytes, std::move(sha256)}).second)
      return fail(Code::malformed, "contents.json lists a file twice");
  }
  return list;
}

Result<Archive> open_archive(Files& files, const std::string& path, const Cancel* cancel) {
  TRY(const auto file, files.open(path));
  tar::Reader reader(*file,
                     {.name = path,
                      .max_files = limits::archive_entries,
                      .wrong_hint = "name a file that `cosign save --archive` wrote",
                      .compressed_hint = "decompress it first: the layers of an image are compressed already",
                      .cancel = cancel});
  return Reading(reader).run(files, path);
}

}  // namespace sigstore::store
