// The types of the frozen system: a kernel in miniature, from which scripts/make-frozen-system
// makes vmlinux.btf. Names follow the kernel's, so that programs in tests look like real ones;
// layouts are this file's own. A struct that is only pointed to would be left out by the compiler:
// the variables at the end keep each one.

#define __user __attribute__((btf_type_tag("user")))
#define __rcu __attribute__((btf_type_tag("rcu")))
#define __percpu __attribute__((btf_type_tag("percpu")))

typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned long size_t;
typedef long ssize_t;
typedef unsigned int fmode_t;
typedef _Bool bool;

typedef struct {
  int counter;
} atomic_t;

struct list_head {
  struct list_head *next, *prev;
};

enum pid_type {
  PIDTYPE_PID,
  PIDTYPE_TGID,
  PIDTYPE_PGID,
  PIDTYPE_SID,
  PIDTYPE_MAX,
};

enum frozen_sign { FROZEN_NEGATIVE = -5, FROZEN_ZERO = 0, FROZEN_POSITIVE = 5 };

enum frozen_wide { FROZEN_LARGE = 0x1122334455667788 };

enum skb_drop_reason {
  SKB_NOT_DROPPED_YET,
  SKB_CONSUMED,
  SKB_DROP_REASON_NOT_SPECIFIED,
  SKB_DROP_REASON_NO_SOCKET,
};

// An unnamed enum, as the kernel uses for constants.
enum { TASK_COMM_LEN = 16 } frozen_constants;

struct qstr {
  union {
    struct {
      u32 hash;
      u32 len;
    };
    u64 hash_len;
  };
  const unsigned char* name;
};

struct inode {
  u16 i_mode;
  uid_t i_uid;
  unsigned long i_ino;
  s64 i_size;
};

struct dentry {
  u32 d_flags;
  struct dentry* d_parent;
  struct qstr d_name;
  struct inode* d_inode;
  u8 d_shortname[40];
};

struct vfsmount {
  struct dentry* mnt_root;
  int mnt_flags;
};

struct path {
  struct vfsmount* mnt;
  struct dentry* dentry;
};

struct file {
  fmode_t f_mode;
  u32 f_flags;
  struct inode* f_inode;
  struct path f_path;
  s64 f_pos;
};

struct cred {
  atomic_t usage;
  uid_t uid;
  uid_t euid;
};

struct mm_struct {
  unsigned long start_code, end_code;
  unsigned long total_vm;
  unsigned long saved_auxv[4];
};

struct load_weight {
  unsigned long weight;
  u32 inv_weight;
};

struct sched_entity {
  struct load_weight load;
  u64 vruntime;
  bool on_rq;
};

struct robust_list_head {
  long futex_offset;
};

struct task_struct {
  unsigned int __state;
  unsigned int flags;
  int prio;
  int on_cpu;
  struct sched_entity se;
  struct list_head tasks;
  struct mm_struct* mm;
  int exit_code;
  unsigned sched_reset_on_fork : 1;
  unsigned sched_contributes_to_load : 1;
  unsigned : 0;
  unsigned in_execve : 1;
  unsigned in_iowait : 3;
  unsigned long atomic_flags;
  pid_t pid;
  pid_t tgid;
  struct task_struct* real_parent;
  struct task_struct* parent;
  struct task_struct* group_leader;
  u64 utime;
  u64 start_time;
  const struct cred* cred;
  char comm[TASK_COMM_LEN];
  enum pid_type kind;
  union {
    int rcu_users;
    struct {
      u16 stack_low;
      u16 stack_high;
    };
  };
  struct {
    int level;
    char label[8];
  } audit;
  struct robust_list_head __user* robust_list;
  void (*entry)(int);
  u8 id[16];
  unsigned long counters[4];
  int matrix[2][3];
  struct task_struct* children[2];
  unsigned __int128 wide;
};

struct packet {
  u8 kind;
  unsigned tail : 12;
  u8 length;
  float ratio;
  char text[];
};

struct packed_bits {
  u8 first;
  unsigned odd : 30;
  unsigned rest : 10;
} __attribute__((packed));

struct linux_binprm {
  struct mm_struct* mm;
  struct file* file;
  struct cred* cred;
  int argc, envc;
  const char* filename;
  const char* interp;
};

struct sockaddr {
  u16 sa_family;
  char sa_data[14];
};

struct pt_regs {
  unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
  unsigned long ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};

// What the kernel's TRACE_EVENT leaves in BTF: a typedef without parameter names and functions with
// them. The stub of sys_enter has the older name, so that both are covered.
#define TRACE_STUB(prefix, event, ...)                          \
  int prefix##_##event(void* __data, __VA_ARGS__) { return 0; } \
  btf_trace_##event frozen_##event
typedef void (*btf_trace_sched_switch)(void*, bool, struct task_struct*, struct task_struct*,
                                       unsigned int);
typedef void (*btf_trace_sched_wakeup)(void*, struct task_struct*);
typedef void (*btf_trace_sched_process_exec)(void*, struct task_struct*, pid_t,
                                             struct linux_binprm*);
typedef void (*btf_trace_sys_enter)(void*, struct pt_regs*, long);
typedef void (*btf_trace_sys_exit)(void*, struct pt_regs*, long);

TRACE_STUB(__probestub, sched_switch, bool preempt, struct task_struct* prev,
           struct task_struct* next, unsigned int prev_state);
TRACE_STUB(__probestub, sched_wakeup, struct task_struct* p);
TRACE_STUB(__probestub, sched_process_exec, struct task_struct* p, pid_t old_pid,
           struct linux_binprm* bprm);
TRACE_STUB(__traceiter, sys_enter, struct pt_regs* regs, long id);
TRACE_STUB(__probestub, sys_exit, struct pt_regs* regs, long ret);

// A function, and types that are reachable from nothing else.
long vfs_read(struct file* file, char __user* buf, size_t count, s64* pos) { return 0; }

struct {
  struct task_struct task;
  struct file file;
  struct inode inode;
  struct dentry dentry;
  struct vfsmount vfsmount;
  struct cred cred;
  struct mm_struct mm;
  struct robust_list_head robust_list;
  struct packed_bits packed_bits;
  struct linux_binprm linux_binprm;
  struct sockaddr sockaddr;
  struct pt_regs pt_regs;
  enum frozen_sign sign;
  enum frozen_wide wide;
  enum skb_drop_reason drop_reason;
  s8 s8;
  s16 s16;
  s32 s32;
} frozen_types;
struct packet* frozen_packet_pointer;
struct packet frozen_packet = {0};

// Functions for fentry and fexit: one of each kind of prototype. Those that are only declared are
// kinds that the compiler cannot make for BPF.
struct span {
  u64 start, end;
};
ssize_t vfs_write(struct file* file, const char __user* buf, size_t count, s64* pos) { return 0; }
void do_exit(long code) {}
struct file* span_file(struct span span, bool whole, char** names) { return 0; }
void _raw_spin_lock(struct list_head* lock) {}
void rcu_note(int cpu) {}
int seven_numbers(int a, int b, int c, int d, int e, int f, int g);
int _printk(const char* fmt, ...);
struct span make_span(u64 start);
// Iterators: each has a context, in which pointers are wrapped, and a function.
struct seq_file;
struct bpf_iter_meta {
  union {
    struct seq_file* seq;
    u64 : 64;
  } __attribute__((aligned(8)));
  u64 session_id;
  u64 seq_num;
};
#define MEMBER(type, name) \
  union {                  \
    type name;             \
    u64 : 64;              \
  } __attribute__((aligned(8)))
struct bpf_iter__task {
  MEMBER(struct bpf_iter_meta*, meta);
  MEMBER(struct task_struct*, task);
} frozen_iter_task;
struct bpf_iter__task_file {
  MEMBER(struct bpf_iter_meta*, meta);
  MEMBER(struct task_struct*, task);
  u32 fd __attribute__((aligned(8)));
  MEMBER(struct file*, file);
} frozen_iter_task_file;
struct bpf_iter__task__safe_trusted {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
} frozen_iter_trusted;
int bpf_iter_task(struct bpf_iter_meta* meta, struct task_struct* task) { return 0; }
int bpf_iter_task_file(struct bpf_iter_meta* meta, struct task_struct* task, u32 fd,
                       struct file* file) {
  return 0;
}
// A context without a function is no iterator.
struct bpf_iter__gone {
  MEMBER(struct bpf_iter_meta*, meta);
} frozen_iter_gone;
void* frozen_declared(int which) {
  if (which == 0) return seven_numbers;
  if (which == 1) return _printk;
  return make_span;
}
// Called by programs, not traced.
bool bpf_session_is_return(void) { return 0; }
// Pointers that are to be followed in ways of their own.
struct frozen_tags {
  int __rcu* protected;
  int __percpu* counts;
} frozen_tags;
