#include "sigstore/policy/rego/internal/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

#include "sigstore/base/limits.h"

namespace sigstore::policy::rego {
namespace {

using std::chrono::steady_clock;
constexpr int memory_exit = 99;
constexpr auto look_around = std::chrono::milliseconds(50);  // for a wish to stop

void say_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// No handler of the parent's, no file of it, no core, and no life without it.
int settle(int back, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  for (const int signal :
       {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE})
    std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int kept = dup2(back, STDERR_FILENO + 1);
  close_range(STDERR_FILENO + 2, ~0U, 0);
  const int null = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (null < 0 || dup2(null, stream) < 0) _exit(1);
  return kept;
}

[[noreturn]] void be_child(int back, pid_t parent, const std::function<void(const Say&)>& work) {
  const int fd = settle(back, parent);
  work([fd](std::string_view text) { say_all(fd, text); });
  _exit(0);
}

Error broke(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == memory_exit)
    return {Code::too_large, "it needs too much memory",
            "more than " + std::to_string(limits::policy_memory_bytes / limits::mib) + " MiB", ""};
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (signal == SIGSEGV || signal == SIGBUS)
    return {Code::too_large, "it needs too much stack", "it calls itself, or is nested too deeply", ""};
  if (signal == SIGKILL)
    return {Code::too_large, "it was ended by the system", "it used too much memory", ""};
  if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP)
    return {Code::cancelled, "interrupted", "", ""};
  return {Code::internal, "the interpreter ended without an answer",
          signal != 0 ? "signal " + std::to_string(signal) : "", ""};
}

// The child of one run; killed and waited for when it goes.
class Child {
 public:
  Child(pid_t pid, int out) : pid_(pid), out_(out) {}
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait_for();
    }
    close(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Result<std::string> listen(const Env& env, Duration time) {
    const auto until = steady_clock::now() + time;
    while (true) {
      const auto left = until - steady_clock::now();
      if (left <= Duration(0))
        return fail(Code::timeout, "it did not end in time",
                    "more than " +
                        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) +
                        " s");
      TRY_OK(env.clock->sleep(Duration(0)));
      pollfd polled = {out_, POLLIN, 0};
      const auto patience = std::min<Duration>(left, look_around);
      poll(&polled, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(patience).count()));
      if (polled.revents == 0) continue;
      TRY(const bool more, read_some());
      if (!more) return finish();
    }
  }

 private:
  Result<bool> read_some() {
    std::array<char, 16384> buffer;
    const ssize_t got = read(out_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) return true;
    if (got < 0) return fail(Code::io, "the child cannot be heard");
    said_.append(buffer.data(), static_cast<std::size_t>(got));
    if (said_.size() > limits::helper_output_bytes) return fail(Code::too_large, "its answer is too long");
    return got > 0;
  }

  Result<std::string> finish() {
    const int status = wait_for();
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::move(said_);
    return fail(broke(status));
  }

  int wait_for() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  pid_t pid_;
  int out_;
  std::string said_;
};

}  // namespace

void out_of_memory() {
  _exit(memory_exit);
}

Result<std::string> run_in_child(const Env& env, Duration time, const std::function<void(const Say&)>& work) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Code::io, "no process can be started for it");
  const pid_t self = getpid();
  const pid_t pid = fork();
  if (pid == 0) be_child(ends[1], self, work);
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return fail(Code::io, "no process can be started for it");
  }
  return Child(pid, ends[0]).listen(env, time);
}

}  // namespace sigstore::policy::rego
