#include <algorithm>

#include "sigstore/remote/tufrepo/internal/names.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

class FolderRepository final : public tuf::Repository {
 public:
  FolderRepository(Files& files, std::string metadata, std::string targets)
      : files_(files), metadata_(std::move(metadata)), targets_(std::move(targets)) {}

  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    TRY_OK(check_metadata_name(file));
    return files_.read(metadata_ + "/" + file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    TRY_OK(check_target_name(path));
    return files_.read(targets_ + "/" + path, std::min<std::uint64_t>(max, SIZE_MAX));
  }

 private:
  Files& files_;
  const std::string metadata_, targets_;
};

}  // namespace

std::unique_ptr<tuf::Repository> make_folder_tufrepo(Files& files, std::string metadata,
                                                     std::string targets) {
  return std::make_unique<FolderRepository>(files, std::move(metadata), std::move(targets));
}

}  // namespace sigstore::remote
