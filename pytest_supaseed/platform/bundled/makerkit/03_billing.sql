-- Customers of a payment provider, subscriptions with their items, one-time orders with theirs; notifications.

create table public.billing_customers (
  id serial primary key,
  account_id uuid not null references public.accounts (id) on delete cascade,
  email text,
  provider public.billing_provider not null,
  customer_id text not null,
  unique (account_id, customer_id, provider)
);

create table public.subscriptions (
  id text primary key,
  account_id uuid not null references public.accounts (id) on delete cascade,
  billing_customer_id integer not null references public.billing_customers (id) on delete cascade,
  status public.subscription_status not null,
  active boolean not null,
  billing_provider public.billing_provider not null,
  cancel_at_period_end boolean not null,
  currency varchar(3) not null,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  period_starts_at timestamptz not null,
  period_ends_at timestamptz not null,
  trial_starts_at timestamptz,
  trial_ends_at timestamptz
);
create index ix_subscriptions_account_id on public.subscriptions (account_id);
create index ix_subscriptions_billing_customer_id on public.subscriptions (billing_customer_id);

create table public.subscription_items (
  id varchar(255) primary key,
  subscription_id text not null references public.subscriptions (id) on delete cascade,
  product_id varchar(255) not null,
  variant_id varchar(255) not null,
  type public.subscription_item_type not null,
  price_amount numeric,
  quantity integer not null default 1,
  interval varchar(255) not null,
  interval_count integer not null check (interval_count > 0),
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  unique (subscription_id, product_id, variant_id)
);

create table public.orders (
  id text primary key,
  account_id uuid not null references public.accounts (id) on delete cascade,
  billing_customer_id integer not null references public.billing_customers (id) on delete cascade,
  status public.payment_status not null,
  billing_provider public.billing_provider not null,
  total_amount numeric not null,
  currency varchar(3) not null,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
create index ix_orders_account_id on public.orders (account_id);
create index ix_orders_billing_customer_id on public.orders (billing_customer_id);

create table public.order_items (
  id text primary key,
  order_id text not null references public.orders (id) on delete cascade,
  product_id text not null,
  variant_id text not null,
  price_amount numeric,
  quantity integer not null default 1,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  unique (order_id, product_id, variant_id)
);

create table public.notifications (
  id bigint generated always as identity primary key,
  account_id uuid not null references public.accounts (id) on delete cascade,
  type public.notification_type not null default 'info',
  body varchar(5000) not null,
  link varchar(255),
  channel public.notification_channel not null default 'in_app',
  dismissed boolean not null default false,
  expires_at timestamptz default now() + interval '1 month',
  created_at timestamptz not null default now()
);
create index ix_notifications_to_show on public.notifications (account_id, created_at)
  where not dismissed;

alter publication supabase_realtime add table public.notifications;
