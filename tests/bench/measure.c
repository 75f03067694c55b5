// measure MODE COMMAND [ARGS...]: runs a tracer once and prints what it cost, as one line:
//   attached_us total_us peak_rss_kb status
//
// The tracer is told by __BPFTRACE_NOTIFY_PROBES_ATTACHED to print that name when its probes
// are attached; the time from fork to that line is attached_us (-1 if it never came). MODE `stop`
// sends SIGINT at that line, MODE `wait` lets the tracer end by itself. total_us ends when the
// process is gone; the peak resident set is the process's own, from wait4.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char kLine[] = "__BPFTRACE_NOTIFY_PROBES_ATTACHED\n";

// A tracer that says nothing for this long is killed (status 137).
enum { kPatienceMs = 20000 };

static long long now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int main(int argc, char** argv) {
  if (argc < 3 || (strcmp(argv[1], "stop") != 0 && strcmp(argv[1], "wait") != 0)) {
    fprintf(stderr, "usage: measure stop|wait COMMAND [ARGS...]\n");
    return 2;
  }
  int stop = strcmp(argv[1], "stop") == 0;
  int out[2];
  if (pipe(out) != 0) {
    perror("pipe");
    return 2;
  }
  setenv("__BPFTRACE_NOTIFY_PROBES_ATTACHED", "1", 1);
  long long begin = now_us();
  pid_t child = fork();
  if (child == 0) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(out[1], 1);
    dup2(out[1], 2);  // some versions of bpftrace print the line on stderr
    close(out[0]);
    close(out[1]);
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  close(out[1]);

  char text[65536];
  size_t used = 0;
  long long attached = -1;
  ssize_t n;
  struct pollfd readable = {out[0], POLLIN, 0};
  for (;;) {
    if (poll(&readable, 1, kPatienceMs) == 0) {
      kill(child, SIGKILL);
      break;
    }
    if ((n = read(out[0], text + used, sizeof text - used)) <= 0) {
      break;
    }
    used += (size_t)n;
    if (attached < 0 && memmem(text, used, kLine, sizeof kLine - 1) != NULL) {
      attached = now_us() - begin;
      if (stop) {
        kill(child, SIGINT);
      }
    }
    // Only the place where the line might have been cut in two has to be kept.
    if (used > sizeof kLine) {
      memmove(text, text + used - sizeof kLine, sizeof kLine);
      used = sizeof kLine;
    }
  }
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) {
    perror("wait4");
    return 2;
  }
  printf("%lld %lld %ld %d\n", attached, now_us() - begin, usage.ru_maxrss,
         WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}
