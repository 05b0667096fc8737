#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>

#include "sigstore/base/system/system_env.h"
#include "sigstore/base/system/system_error.h"

extern char** environ;

namespace sigstore::system {
namespace {

using std::chrono::steady_clock;
constexpr std::string_view default_path = "/usr/local/bin:/usr/bin:/bin";

bool is_file(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_program(const std::string& path) {
  return is_file(path) && access(path.c_str(), X_OK) == 0;
}

// The folder of this program, with a slash at its end; empty when it is not known.
std::string own_folder() {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view program(path.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
  if (!program.starts_with('/')) return {};  // "(unreachable)/…"
  return std::string(program.substr(0, program.rfind('/') + 1));
}

// Where a program of this name may be, in the order in which it is looked for.
std::vector<std::string> places_of(const std::string& name, const std::string& path) {
  if (name.empty() || name.find('/') != std::string::npos) return {name};
  std::vector<std::string> places;
  const std::string own = name.starts_with("cosign-") ? own_folder() : "";
  if (!own.empty()) places.push_back(own + name);
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    if (end > start && path[start] == '/') places.push_back(path.substr(start, end - start) + "/" + name);
    start = end + 1;
  }
  return places;
}

Result<std::string> find_program(const std::string& name, const std::string& path) {
  std::string there;  // and not executable
  for (const std::string& place : places_of(name, path)) {
    if (is_program(place)) return place;
    if (there.empty() && is_file(place)) there = place;
  }
  if (there.empty()) return fail(Code::not_found, "there is no program " + name);
  return fail(Code::not_found, "the program " + there + " is not executable", {}, "chmod +x " + there);
}

// While it lives, writing to a closed pipe gives EPIPE in this thread and no signal.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigemptyset(&only_);
    sigaddset(&only_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &only_, &before_);
  }
  ~SigpipeGuard() {
    const timespec now = {0, 0};
    while (!was_pending_ && sigtimedwait(&only_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t only_;
  sigset_t before_;
  bool was_pending_ = false;
};

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "cannot start a program");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// A program that runs: its three streams and its end.
class Child {
 public:
  // Speaking: its stderr is ours.
  static Result<Child> start(const std::string& program, const std::vector<std::string>& argv, bool speaking);
  Child(Child&& other) noexcept
      : in(std::move(other.in)),
        out(std::move(other.out)),
        err(std::move(other.err)),
        pid_(std::exchange(other.pid_, -1)) {}
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }

  // Its exit code once it has ended.
  std::optional<int> ended() {
    int status = 0;
    const pid_t got = waitpid(pid_, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) return std::nullopt;
    pid_ = -1;
    if (got < 0) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  Descriptor in, out, err;

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

class SpawnSetup {
 public:
  SpawnSetup(const Pipe& in, const Pipe& out, const Pipe* err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, in.read.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, out.write.get(), STDOUT_FILENO);
    if (err != nullptr) posix_spawn_file_actions_adddup2(&actions_, err->write.get(), STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t none, pipe;
    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &pipe);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  int spawn(pid_t& pid, const std::string& program, const std::vector<std::string>& argv) {
    std::vector<char*> words;
    for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    return posix_spawn(&pid, program.c_str(), &actions_, &attributes_, words.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

void make_nonblocking(const Descriptor& fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

Result<Child> Child::start(const std::string& program, const std::vector<std::string>& argv, bool speaking) {
  TRY(Pipe in, make_pipe());
  TRY(Pipe out, make_pipe());
  Pipe err;
  if (!speaking) {
    TRY(err, make_pipe());
  }
  pid_t pid = -1;
  const int error = SpawnSetup(in, out, speaking ? nullptr : &err).spawn(pid, program, argv);
  if (error == ENOENT)  // of a script: the program itself is there
    return fail(Code::io, "cannot start " + program, "the interpreter that it names is not there");
  if (error != 0) return fail_errno(error, "cannot start " + program);
  Child child(pid);
  child.in = std::move(in.write);
  child.out = std::move(out.read);
  child.err = std::move(err.read);
  make_nonblocking(child.in);
  make_nonblocking(child.out);
  if (child.err) make_nonblocking(child.err);
  return child;
}

// Writes what the pipe takes; closes it at the end or when nobody reads.
void feed(Descriptor& in, std::string_view& input) {
  const ssize_t written = input.empty() ? 0 : write(in.get(), input.data(), input.size());
  if (written > 0) input.remove_prefix(static_cast<std::size_t>(written));
  const bool again = written < 0 && (errno == EAGAIN || errno == EINTR);
  if (input.empty() || (written < 0 && !again)) in.reset();
}

// Reads once. What exceeds `max` is dropped; returns whether anything was.
bool drain(Descriptor& stream, std::string& text, std::size_t max) {
  std::array<char, 16384> buffer;
  const ssize_t got = read(stream.get(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (got <= 0) {
    stream.reset();
    return false;
  }
  const auto size = static_cast<std::size_t>(got);
  const std::size_t kept = std::min(size, max - text.size());
  text.append(buffer.data(), kept);
  wipe(buffer.data(), size);
  return kept < size;
}

// One run: feeds the program, collects what it says, and waits for its end.
class Conversation {
 public:
  Conversation(Child& child, std::string_view input, std::size_t max)
      : child_(child), input_(input), max_(max) {}

  // nullopt: not yet.
  Result<std::optional<ProcessOutput>> step(int cancel) {
    if (!code_) code_ = child_.ended();
    if (code_ && !child_.out && !child_.err) return done();
    std::array<pollfd, 4> polled = {pollfd{child_.in.get(), POLLOUT, 0}, pollfd{child_.out.get(), POLLIN, 0},
                                    pollfd{child_.err.get(), POLLIN, 0}, pollfd{cancel, POLLIN, 0}};
    const int ready = poll(polled.data(), polled.size(), patience());
    // It has ended, and all it wrote is read: whoever inherited the pipes is not waited for.
    if (ready == 0 && code_) return done();
    if (ready <= 0) return std::nullopt;
    if (polled[0].revents != 0) feed(child_.in, input_);
    if (polled[1].revents != 0 && drain(child_.out, output_.out, max_))
      return fail(Code::too_large, "the output is too large", "more than " + std::to_string(max_) + " bytes");
    if (polled[2].revents != 0) drain(child_.err, output_.err, max_);
    return std::nullopt;
  }

 private:
  // Milliseconds. With its streams closed the end is near, but nothing will wake us.
  [[nodiscard]] int patience() const {
    if (code_) return 0;
    return child_.out || child_.err ? 50 : 1;
  }

  std::optional<ProcessOutput> done() {
    output_.exit_code = *code_;
    return std::move(output_);
  }

  Child& child_;
  std::string_view input_;
  std::size_t max_;
  std::optional<int> code_;
  ProcessOutput output_;
};

}  // namespace

Result<ProcessOutput> SystemProcesses::run(const std::vector<std::string>& argv, std::string_view input,
                                           Duration timeout, std::size_t max_output) {
  return converse(argv, input, timeout, max_output, false);
}

Result<ProcessOutput> SystemProcesses::run_speaking(const std::vector<std::string>& argv,
                                                    std::string_view input, Duration timeout,
                                                    std::size_t max_output) {
  return converse(argv, input, timeout, max_output, true);
}

Result<ProcessOutput> SystemProcesses::converse(const std::vector<std::string>& argv, std::string_view input,
                                                Duration timeout, std::size_t max_output, bool speaking) {
  if (argv.empty()) return fail(Code::invalid_argument, "no program to run");
  TRY(const auto program, find_program(argv[0], variables_.get("PATH").value_or(std::string(default_path))));
  const auto until = steady_clock::now() + timeout;
  const SigpipeGuard guard;
  TRY(Child child, Child::start(program, argv, speaking));
  Conversation conversation(child, input, max_output);
  while (true) {
    auto step = conversation.step(cancel_ != nullptr ? cancel_->descriptor() : -1);
    if (!step) return fail(step.error().wrap("cannot use the program " + argv[0]));
    if (*step) return std::move(**step);
    if (cancel_ != nullptr && cancel_->is_set()) return fail(Code::cancelled, "interrupted");
    if (steady_clock::now() >= until)
      return fail(Code::timeout, "the program " + argv[0] + " did not end in time");
  }
}

}  // namespace sigstore::system
