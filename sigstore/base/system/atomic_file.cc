#include "sigstore/base/system/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "sigstore/base/system/file_reader.h"

namespace sigstore::system {

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int sync_folder(const std::string& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) == 0 || errno == EINVAL || errno == ENOTSUP) return 0;
  return errno;
}

namespace {

constexpr int name_attempts = 16;

std::string temporary_name(const std::string& target, Random& random) {
  std::uint8_t bytes[8];
  random.fill(bytes);
  const auto slash = target.rfind('/');
  const auto start = slash == std::string::npos ? 0 : slash + 1;
  // A long name is cut, so that ours stays below the file system's 255 bytes.
  std::string name = target.substr(0, start) + "." + target.substr(start, 200) + ".tmp-";
  for (const auto byte : bytes) {
    name += "0123456789abcdef"[byte >> 4];
    name += "0123456789abcdef"[byte & 15];
  }
  return name;
}

int write_all(int fd, BytesView chunk) {
  while (!chunk.empty()) {
    const ssize_t written = ::write(fd, chunk.data(), chunk.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) chunk = chunk.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

// 0, or an errno; EEXIST when `to` exists.
int rename_new(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (link(from.c_str(), to.c_str()) != 0) return errno;
  unlink(from.c_str());
  return 0;
}

class TemporaryFile final : public AtomicFile {
 public:
  TemporaryFile(Descriptor fd, std::string temporary, std::string target, std::string shown, unsigned mode)
      : fd_(std::move(fd)),
        temporary_(std::move(temporary)),
        target_(std::move(target)),
        shown_(std::move(shown)),
        mode_(mode) {}
  ~TemporaryFile() override {
    if (!committed_) unlink(temporary_.c_str());
  }

  Result<void> write(BytesView chunk) override {
    if (!fd_) return fail(Code::internal, "cannot write " + shown_, "it is committed already");
    if (const int error = write_all(fd_.get(), chunk)) return failed(error);
    return {};
  }

  Result<std::unique_ptr<FileReader>> read_back() override {
    Descriptor copy(fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy) return fail_errno(errno, "cannot read back " + shown_);
    return make_reader(std::move(copy), shown_);
  }

  Result<void> commit() override { return commit_to(target_); }

  Result<void> commit_as(const std::string& path) override {
    shown_ = path;
    return commit_to(path);
  }

  Result<void> commit_new() override {
    TRY_OK(finish());
    const int error = rename_new(temporary_, target_);
    if (error == EEXIST) return fail(Code::conflict, shown_ + " already exists");
    if (error != 0) return failed(error);
    return settle(target_);
  }

 private:
  std::unexpected<Error> failed(int error) { return fail_errno(error, "cannot write " + shown_); }

  // Mode and content are on the disk before any name leads to them.
  Result<void> finish() {
    if (!fd_) return fail(Code::internal, "cannot write " + shown_, "it is committed already");
    if (fchmod(fd_.get(), mode_) != 0) return failed(errno);
    if (fsync(fd_.get()) != 0) return failed(errno);
    if (fd_.reset() != 0) return failed(errno);
    return {};
  }

  Result<void> commit_to(const std::string& name) {
    TRY_OK(finish());
    if (rename(temporary_.c_str(), name.c_str()) != 0) return failed(errno);
    return settle(name);
  }

  Result<void> settle(const std::string& name) {
    committed_ = true;
    if (const int error = sync_folder(folder_of(name))) return failed(error);
    return {};
  }

  Descriptor fd_;
  std::string temporary_, target_, shown_;
  unsigned mode_;
  bool committed_ = false;
};

class InPlaceFile final : public AtomicFile {
 public:
  explicit InPlaceFile(std::string path) : path_(std::move(path)) {}
  ~InPlaceFile() override { wipe(content_); }

  Result<void> write(BytesView chunk) override {
    content_.append(as_text(chunk));
    return {};
  }

  Result<void> commit() override {
    const Descriptor fd(::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) return fail_errno(errno, "cannot write " + path_);
    if (const int error = write_all(fd.get(), as_bytes(content_)))
      return fail_errno(error, "cannot write " + path_);
    return {};
  }

  Result<void> commit_new() override { return fail(Code::conflict, path_ + " already exists"); }

 private:
  std::string path_;
  std::string content_;
};

}  // namespace

Result<std::unique_ptr<AtomicFile>> create_beside(const std::string& target, const std::string& shown,
                                                  unsigned mode, Random& random) {
  for (int attempt = 0; attempt < name_attempts; ++attempt) {
    std::string name = temporary_name(target, random);
    Descriptor fd(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd) return std::make_unique<TemporaryFile>(std::move(fd), std::move(name), target, shown, mode);
    if (errno != EEXIST) return fail_errno(errno, "cannot write " + shown);
  }
  return fail(Code::io, "cannot write " + shown, "no free name for a temporary file");
}

std::unique_ptr<AtomicFile> create_in_place(const std::string& path) {
  return std::make_unique<InPlaceFile>(path);
}

}  // namespace sigstore::system
