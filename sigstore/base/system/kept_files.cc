// What a folder that outlives its process needs of SystemFiles: a file to append to, a lock, names that move.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "sigstore/base/system/atomic_file.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/system/system_error.h"

namespace sigstore::system {
namespace {

class SystemAppendFile final : public AppendFile {
 public:
  SystemAppendFile(Descriptor fd, std::string path, std::uint64_t size)
      : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  // By position: what a failed append left behind the size is overwritten by the next.
  Result<void> append(BytesView bytes) override {
    std::uint64_t at = size_;
    while (!bytes.empty()) {
      const ssize_t written = pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int error = errno;
        [[maybe_unused]] const auto back = cut(size_);  // so that others do not see it either
        return failed(error);
      }
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      at += static_cast<std::uint64_t>(written);
    }
    size_ = at;
    return {};
  }

  Result<void> sync() override {
    if (fdatasync(fd_.get()) != 0) return failed(errno);
    return {};
  }

  Result<void> cut(std::uint64_t size) override {
    if (ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return failed(errno);
    size_ = size;
    return {};
  }

 private:
  std::unexpected<Error> failed(int error) { return fail_errno(error, "cannot write " + path_); }

  Descriptor fd_;
  std::string path_;
  std::uint64_t size_;
};

class SystemFileLock final : public FileLock {
 public:
  explicit SystemFileLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;
};

}  // namespace

Result<std::unique_ptr<AppendFile>> SystemFiles::append(const std::string& path, unsigned mode) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, mode));
  struct stat status;
  if (!fd || fstat(fd.get(), &status) != 0) return fail_errno(errno, "cannot write " + path);
  if (const int error = sync_folder(folder_of(path))) return fail_errno(error, "cannot write " + path);
  return std::make_unique<SystemAppendFile>(std::move(fd), path, static_cast<std::uint64_t>(status.st_size));
}

Result<std::unique_ptr<FileLock>> SystemFiles::lock(const std::string& path) {
  const int how = is_directory(path) ? O_RDONLY | O_DIRECTORY : O_RDWR | O_CREAT;
  Descriptor fd(::open(path.c_str(), how | O_CLOEXEC | O_NOCTTY, 0644));
  if (!fd) return fail_errno(errno, "cannot lock " + path);
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(Code::conflict, "cannot lock " + path, "another process holds it");
    if (errno != EINTR) return fail_errno(errno, "cannot lock " + path);
  }
  return std::make_unique<SystemFileLock>(std::move(fd));
}

Result<void> SystemFiles::rename(const std::string& from, const std::string& to) {
  int error = ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  if (error == 0) error = sync_folder(folder_of(to));
  if (error == 0) error = sync_folder(folder_of(from));
  if (error != 0) return fail_errno(error, "cannot move " + from + " to " + to);
  return {};
}

Result<Time> SystemFiles::modified(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return fail_errno(errno, "cannot open " + path);
  return Time(std::chrono::seconds(status.st_mtim.tv_sec));
}

}  // namespace sigstore::system
