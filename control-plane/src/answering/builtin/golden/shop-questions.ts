/** What people ask a shop, as they type it. The answers are in shop.golden.txt beside this file. */
export const SHOP_QUESTIONS = `
how many orders are there?
how many orders were placed last month?
how many orders do we have this year
how many orders were placed yesterday?
how many orders were shipped last month?
how many orders were delivered in October 2026?
how many orders were cancelled last month
how many cancelled orders are there?
how many orders are pending
orders since May
orders in 2025
orders between 2025-01-01 and 2025-03-31
orders placed after 2026-10-01
orders from last week
orders in the last 30 days
orders in March 2025
orders before 2026
number of orders in Q1 2025
number of orders per month in 2025
orders per day this month
number of orders per year
how many orders per status
how many orders for each channel
count orders by channel
count the orders by status and channel
which channel has the most orders?
which status has the fewest orders
how many orders came from the web last month
web orders
orders with status shipped
orders that are not delivered
orders whose status is not cancelled
orders without payments
orders with a total amount over 100
orders with a total amount between 50 and 150
the largest order by total amount
the 3 orders with the highest total amount
what is the highest total amount of an order?
average order value
average order value per month in 2025
average order value by channel
what was the total order value last month
total shipping fee per month
sum of shipping fees in 2025
average shipping fee of web orders
what is the average, minimum and maximum total amount of orders
how many different channels are there?
list the different order statuses
which channels are used by orders?
when was the last order placed
revenue
total revenue in 2025
revenue last year
revenue last month
revenue per month this year
monthly revenue
revenue by category last year
revenue by product
revenue per region
revenue by channel in 2025
revenue per customer
revenue per employee
top 5 customers by revenue
top 3 products by revenue
top 10 products by quantity sold
top 5 products by number of orders
top 5 customers by number of orders
the 5 customers with the most orders
which customer has the most orders?
which customers have more than one order?
which customers have at least 2 orders
customers with exactly 1 order
how many customers have more than 1 order?
customers who have no orders
customers without orders
how many customers have never ordered
customers who have not placed any orders
how many customers are there
how many customers per region
number of customers in each region
how many customers by city
customers per country
how many customers are in Bayern
how many customers are from Austria?
customers from Wien
customers in München
customers in München or Wien
customers not in Bayern
show me all customers from Germany
list the names of all customers
list the email of each customer
show the first name, last name and email of customers in Bayern
what is the email of Anna Weiß
what is Max Huber's phone number?
which city does Anna Weiß live in?
how many customers signed up in 2025
how many customers signed up last month
customers who signed up since October
newest customer
the most recent customer
oldest customer
customers without an email
customers whose email contains example
customers whose first name starts with A
customers ordered by last name
list customers sorted by city in descending order
how many customers have a newsletter
customers that ordered web orders
customers who bought Harbour Atlas
customers who bought Simple Headphones in 2025
customers who ordered in 2025
which customers bought books
customers who returned products
customers who returned Simple Headphones
customers with orders in 2025 and in 2026
how many products are there
how many products per category
number of products in each category
which category has the most products?
which categories have more than one product?
products in Books
products in the Audio category
list all products and their categories
show product names and prices
show the name and unit price of all products
products that cost more than 50
products with a unit price over 50
products with a unit price between 20 and 60
products cheaper than 40
the most expensive product
the 2 cheapest products
the 10 most expensive products
most expensive product in Books
what is the average unit price of products
average unit price per category
what is the average price of books
products above the average unit price
products with a price above average
products heavier than 800
heaviest product
discontinued products
how many products are discontinued?
products that are not discontinued
products out of stock
products with a stock quantity of 0
products with less than 5 in stock
total stock quantity per category
products launched in 2024
products launched since 2024
newest product
products sorted by price
products in alphabetical order
products by unit price descending
which products have never been returned?
products that have been returned
which products were never ordered
products without orders
products ordered by Anna Weiß
products ordered more than once
how many products were ordered last month?
best selling products
what is the most common return reason
most common return reason
how many returns were there last year
number of returns per reason
returns by reason
returns in 2025
average refund amount
total refund amount per month in 2025
returns with a refund amount above 50
how many returns were because of damaged
which payment method is most common?
payments by method
how many payments per method
total amount of payments by method
total payments per month
payments that are pending
payments over 200
how many payments were completed
how many card payments were there in 2025
average payment amount
orders paid by card
how many employees are there
how many employees in each region
employees in Bayern
average salary
average salary by job title
average salary per region
highest salary
who has the highest salary
which employee has the highest salary?
which employees earn more than the average salary?
employees with a salary above 4100
employees hired after 2020
employees hired before 2020
how many employees were hired in 2022?
list the employees and their regions
which employee handled the most orders?
orders per employee
employees without orders
sales representatives
how many sales representatives are there
who is the manager of Chloé Dupont?
how many regions are there
list all countries
which countries have customers
which regions have no customers?
regions without employees
how many cities do our customers live in
how many orders are there per region
orders from Bayern
how many orders were placed by customers from Germany in 2025
how many orders did Anna Weiß place
how many orders did each customer place
items per order
average quantity per order item
how many items were sold in 2025
total quantity sold per product
average discount amount
average unit_price of order_items
sum of line_total by product_id
what is the weather in Wien?
how many invoices are there
show me the profit margin by brand
which customers are angry
predict next month's revenue
delete all orders
why did revenue drop
how many orders will we get tomorrow
who won the world cup
drop table orders
customers older than 30
the best customers
`
  .trim()
  .split('\n');
