#include <algorithm>
#include <map>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/tar_reader.h"
#include "sigstore/remote/tufrepo/internal/names.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

using Contents = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view landmark = "timestamp.json";

// The folder in the file that the repository is: where its timestamp is nearest to the top. Ends in '/', or
// is "".
std::optional<std::string> base_of(const Contents& contents) {
  std::optional<std::string> base;
  for (const auto& [path, text] : contents) {
    const auto folder = path.substr(0, path.rfind('/') + 1);
    if (path.substr(folder.size()) == landmark && (!base || folder.size() < base->size())) base = folder;
  }
  return base;
}

class TarRepository final : public tuf::Repository {
 public:
  TarRepository(std::string path, std::string base, Contents contents)
      : path_(std::move(path)), base_(std::move(base)), contents_(std::move(contents)) {}

  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    TRY_OK(check_metadata_name(file));
    return find(base_ + file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    TRY_OK(check_target_name(path));
    return find(base_ + "targets/" + path, max);
  }

 private:
  [[nodiscard]] Result<std::string> find(const std::string& name, std::uint64_t max) const {
    const auto known = contents_.find(name);
    if (known == contents_.end()) return fail(Code::not_found, "there is no " + name + " in " + path_);
    if (known->second.size() <= max) return known->second;
    return fail(Code::too_large, name + " in " + path_ + " is too large",
                "more than " + std::to_string(max) + " bytes");
  }

  const std::string path_, base_;
  const Contents contents_;
};

class Reading {
 public:
  Reading(codec::tar::Reader& reader, const std::string& path) : reader_(reader), path_(path) {}
  Result<Contents> run();

 private:
  Result<void> take(const codec::tar::Header& header);

  codec::tar::Reader& reader_;
  const std::string& path_;
  Contents contents_;
  std::uint64_t total_ = 0;
};

Result<void> Reading::take(const codec::tar::Header& header) {
  if (header.folder) return {};
  if (!check_target_name(header.path))
    return fail(Code::malformed, "the archive holds a file that is no part of a TUF repository",
                codec::printable(header.path));
  if (contents_.contains(header.path))
    return fail(Code::malformed, "the archive holds a file twice", codec::printable(header.path));
  total_ += header.size;
  if (header.size > limits::tuf_mirror_bytes || total_ > limits::tuf_mirror_bytes)
    return fail(Code::too_large, path_ + " is too large for a TUF repository",
                "more than " + std::to_string(limits::tuf_mirror_bytes) + " bytes",
                "unpack it, and name the folder");
  // Piece by piece: nothing is allocated because a header says so.
  std::string text;
  for (std::uint64_t left = header.size; left > 0;) {
    const std::size_t size = std::min<std::uint64_t>(left, limits::copy_bytes);
    const std::size_t at = text.size();
    text.resize(at + size);
    TRY_OK(reader_.read({reinterpret_cast<std::uint8_t*>(text.data()) + at, size}));
    left -= size;
  }
  contents_.emplace(header.path, std::move(text));
  return {};
}

Result<Contents> Reading::run() {
  while (true) {
    TRY(const auto header, reader_.next());
    if (!header) return std::move(contents_);
    TRY_OK(take(*header));
  }
}

}  // namespace

Result<std::unique_ptr<tuf::Repository>> open_tar_tufrepo(Files& files, const std::string& path) {
  const std::string hint = "name a file that `cosign mirror create` wrote";
  TRY(const auto file, files.open(path));
  codec::tar::Reader reader(*file, {.name = path,
                                    .max_files = limits::tuf_files,
                                    .wrong_hint = hint,
                                    .compressed_hint = "decompress it first",
                                    .paths = codec::tar::Paths::taken});
  TRY(auto contents, Reading(reader, path).run());
  auto base = base_of(contents);
  if (!base)
    return fail(Code::malformed, path + " holds no TUF repository", "it holds no " + std::string(landmark),
                hint);
  return std::make_unique<TarRepository>(path, std::move(*base), std::move(contents));
}

}  // namespace sigstore::remote
