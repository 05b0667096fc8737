#include "sigstore/base/system/file_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "sigstore/base/stamped_reader.h"

namespace sigstore::system {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

class RegularReader final : public StampedReader {
 public:
  RegularReader(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const ssize_t got = pread(fd_.get(), out.data() + filled, out.size() - filled, static_cast<off_t>(at_));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail_errno(errno, "cannot read " + path_);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
      at_ += static_cast<std::uint64_t>(got);
    }
    return filled;
  }

  Result<void> skip(std::uint64_t bytes) override {
    struct stat status;
    if (fstat(fd_.get(), &status) != 0) return fail_errno(errno, "cannot read " + path_);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    at_ = at_ >= size || bytes > size - at_ ? size : at_ + bytes;
    return {};
  }

  std::optional<FileStamp> stamp() const override {
    struct stat status;
    if (fstat(fd_.get(), &status) != 0) return std::nullopt;
    return FileStamp{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                     nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
  }

 private:
  Descriptor fd_;
  std::string path_;
  std::uint64_t at_ = 0;
};

class StreamReader final : public FileReader {
 public:
  StreamReader(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const ssize_t got = read_some(fd_.get(), out);
    if (got < 0) return fail_errno(errno, "cannot read " + path_);
    return static_cast<std::size_t>(got);
  }

 private:
  Descriptor fd_;
  std::string path_;
};

}  // namespace

ssize_t read_some(int fd, std::span<std::uint8_t> out) {
  ssize_t got;
  do {
    got = ::read(fd, out.data(), out.size());
  } while (got < 0 && errno == EINTR);
  return got;
}

std::unique_ptr<FileReader> make_reader(Descriptor fd, std::string path) {
  struct stat status;
  const bool regular = fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode);
  if (regular) return std::make_unique<RegularReader>(std::move(fd), std::move(path));
  return std::make_unique<StreamReader>(std::move(fd), std::move(path));
}

}  // namespace sigstore::system
